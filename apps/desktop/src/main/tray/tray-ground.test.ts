import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { trayGrounds, trayIconSvg, trayStatuses } from '../../../packaging/tray-icon-svg.ts'
import { selectGround } from './tray-ground.ts'

describe('selectGround', () => {
  it.each([
    [{ platform: 'darwin', currentDesktop: '', isDark: true }, 'template'],
    [{ platform: 'win32', currentDesktop: '', isDark: true }, 'on-dark'],
    [{ platform: 'win32', currentDesktop: '', isDark: false }, 'on-light'],
    [{ platform: 'linux', currentDesktop: 'KDE', isDark: false }, 'on-light'],
    [{ platform: 'linux', currentDesktop: 'KDE', isDark: true }, 'on-dark'],
    [{ platform: 'linux', currentDesktop: 'ubuntu:GNOME', isDark: false }, 'on-dark'],
    [{ platform: 'linux', currentDesktop: '', isDark: false }, 'on-light'],
  ] as const)('%j: %s', (input, ground) => {
    expect(selectGround(input)).toBe(ground)
  })
})

describe('the icons', () => {
  const folder = join(import.meta.dirname, 'icons')

  it('are there for each status and ground, at two sizes', () => {
    const names = trayStatuses.flatMap((status) => trayGrounds.map((ground) => `${status}-${ground}`))
    expect(readdirSync(folder).sort()).toEqual(
      names.flatMap((name) => [`${name}.png`, `${name}@2x.png`]).sort(),
    )
    for (const name of names) {
      // The width is at byte 16 of a PNG.
      expect(readFileSync(join(folder, `${name}.png`)).readUInt32BE(16)).toBe(16)
      expect(readFileSync(join(folder, `${name}@2x.png`)).readUInt32BE(16)).toBe(32)
    }
  })

  it('differ by their shape, since a template has no colour', () => {
    expect(new Set(trayStatuses.map((status) => trayIconSvg(status, 'template'))).size).toBe(
      trayStatuses.length,
    )
  })
})
