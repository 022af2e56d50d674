/**
 * `npm run icons -w @private-connect/desktop`: draws the app's icons for the three systems from icon.svg.
 * The results are committed, so that packing needs neither a renderer nor a download.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

const folder = import.meta.dirname
const linuxSizes = [16, 32, 48, 64, 128, 256, 512]
const windowsSizes = [16, 24, 32, 48, 64, 256]
/** What Apple calls each size, in pixels. */
const appleTypes = { ic07: 128, ic08: 256, ic09: 512, ic10: 1024, ic11: 32, ic12: 64, ic13: 256, ic14: 512 }

await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')))
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8')
// Icons of macOS leave a margin of 100 of 1024 pixels for the shadow that the system's other icons have.
const applePadded = svg.replace('viewBox="0 0 48 48"', 'viewBox="-5.825 -5.825 59.65 59.65"')

function draw(source: string, sizePx: number): Buffer {
  return Buffer.from(new Resvg(source, { fitTo: { mode: 'width', value: sizePx } }).render().asPng())
}

/** ICO: a header, one directory entry for each picture, then the pictures; PNG inside is read since Windows Vista. */
function makeIco(sizesPx: readonly number[]): Buffer {
  const pictures = sizesPx.map((sizePx) => draw(svg, sizePx))
  const header = Buffer.alloc(6 + 16 * pictures.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  let offset = header.length
  for (const [index, picture] of pictures.entries()) {
    const at = 6 + 16 * index
    // One byte each for width and height, where 0 means 256.
    header.writeUInt8((sizesPx[index] ?? 0) % 256, at)
    header.writeUInt8((sizesPx[index] ?? 0) % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(picture.length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += picture.length
  }
  return Buffer.concat([header, ...pictures])
}

/** ICNS: a magic word and the length of all, then type, length and PNG of each picture. */
function makeIcns(types: Readonly<Record<string, number>>): Buffer {
  const pictures = Object.entries(types).map(([type, sizePx]) => chunk(type, draw(applePadded, sizePx)))
  return chunk('icns', Buffer.concat(pictures))
}

function chunk(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8)
  header.write(type, 'latin1')
  header.writeUInt32BE(8 + content.length, 4)
  return Buffer.concat([header, content])
}

mkdirSync(join(folder, 'icons'), { recursive: true })
for (const sizePx of linuxSizes) {
  writeFileSync(join(folder, 'icons', `${sizePx}x${sizePx}.png`), draw(svg, sizePx))
}
writeFileSync(join(folder, 'icon.ico'), makeIco(windowsSizes))
writeFileSync(join(folder, 'icon.icns'), makeIcns(appleTypes))
