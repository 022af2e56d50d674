import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setAutostart, writeAutostartEntry } from './autostart-file.ts'

/** Reads a command as desktops do: the string of the file first, then quotes, then field codes. */
function readExec(entry: string): string[] {
  const line = entry.split('\n').find((one) => one.startsWith('Exec=')) ?? ''
  const escapes: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' }
  const value = line
    .slice('Exec='.length)
    .replaceAll(/\\(.)/g, (_, next: string) => escapes[next] ?? `?${next}`)
  return [...value.matchAll(/"((?:\\[^]|[^"\\])*)"(?: |$)/g)].map(([, quoted = '']) =>
    quoted.replaceAll(/\\([^])/g, '$1').replaceAll('%%', '%'),
  )
}

describe('writeAutostartEntry', () => {
  it('names the app and its command', () => {
    const entry = writeAutostartEntry(['/opt/Private Connect/private-connect', '--hidden'])
    expect(entry).toMatch(/^\[Desktop Entry\]\nType=Application\nName=Private Connect\n/)
    expect(entry).toContain('\nExec="/opt/Private Connect/private-connect" "--hidden"\n')
  })

  it('reads back whatever the path is, and stays one line', () => {
    const awkward = fc.array(
      fc.constantFrom('"', '\\', '$', '`', '%', ' ', '\n', '\t', '\r', "'", 'a', 'é', ';', '&', '%u'),
      { minLength: 1 },
    )
    const argument = fc.oneof(
      awkward.map((all) => all.join('')),
      fc.string({ unit: 'grapheme', minLength: 1 }),
    )
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 4 }), ([first = 'x', ...rest]) => {
        const entry = writeAutostartEntry([first, ...rest])
        expect(entry.split('\n')).toHaveLength(9)
        expect(readExec(entry)).toEqual([first, ...rest])
      }),
      { numRuns: 1000 },
    )
  })
})

describe('setAutostart', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pc-autostart-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('makes the file, leaves it alone where it is right, mends it, and takes it away', async () => {
    const file = join(folder, 'autostart/app.desktop')
    await setAutostart({ file, command: ['/opt/app'] }, false)
    await setAutostart({ file, command: ['/opt/app'] }, true)
    const { ino, mtimeMs } = await stat(file)
    await setAutostart({ file, command: ['/opt/app'] }, true)
    expect(await stat(file)).toMatchObject({ ino, mtimeMs })
    await setAutostart({ file, command: ['/opt/newer'] }, true)
    expect(await readFile(file, 'utf8')).toContain('Exec="/opt/newer"')
    await setAutostart({ file, command: ['/opt/newer'] }, false)
    await expect(stat(file)).rejects.toThrow('ENOENT')
  })
})
