/** Draws the tray's icons, at the size of a tray and at twice it. The results are committed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { trayGrounds, trayIconSvg, trayStatuses } from './tray-icon-svg.ts'

const folder = resolve(import.meta.dirname, '../src/main/tray/icons')
const trayPx = 16

await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')))
mkdirSync(folder, { recursive: true })
for (const status of trayStatuses) {
  for (const ground of trayGrounds) {
    for (const [suffix, scale] of [
      ['', 1],
      ['@2x', 2],
    ] as const) {
      const fitTo = { mode: 'width', value: trayPx * scale } as const
      const png = new Resvg(trayIconSvg(status, ground), { fitTo }).render().asPng()
      writeFileSync(join(folder, `${status}-${ground}${suffix}.png`), png)
    }
  }
}
