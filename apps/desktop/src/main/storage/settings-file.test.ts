import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shareDurations } from '@private-connect/api/contracts'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultSettings, formatSettings, openSettingsFile, parseSettings } from './settings-file.ts'

/** CASES ELE-16: settings survive crashes and strange files, and are their owner's only. */
let folder: string
let file: string

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'pc-settings-')), 'app')
  file = join(folder, 'settings.json')
})

afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const settings = fc.record({
  hubUrl: fc
    .record({
      scheme: fc.constantFrom('http', 'https'),
      host: fc.domain(),
      port: fc.integer({ min: 1024, max: 65_535 }),
    })
    .map(({ scheme, host, port }) => `${scheme}://${host}:${port}`),
  startsAtLogin: fc.boolean(),
  notifies: fc.boolean(),
  snoozedUntilMs: fc.option(fc.integer({ min: 0 })),
  defaultExpiry: fc.constantFrom(...shareDurations),
  ignoredProcesses: fc.array(fc.string({ minLength: 1, maxLength: 256 }), { maxLength: 200 }),
})

describe('parsing settings', () => {
  it('reads back exactly what was written', () => {
    fc.assert(
      fc.property(settings, (given) => {
        expect(parseSettings(JSON.stringify(formatSettings(given)))).toEqual(given)
      }),
    )
  })

  it('takes nothing else: no text, no field more or less, no value of another kind', () => {
    fc.assert(fc.property(fc.string(), (text) => parseSettings(text) === null))
    fc.assert(fc.property(fc.jsonValue(), (value) => parseSettings(JSON.stringify(value)) === null))
    const whole = formatSettings(defaultSettings) as Record<string, unknown>
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(whole)), fc.jsonValue(), (name, value) => {
        const { [name]: kept, ...less } = whole
        expect(parseSettings(JSON.stringify(less))).toBeNull()
        expect(parseSettings(JSON.stringify({ ...whole, [`${name}2`]: kept }))).toBeNull()
        const parsed = parseSettings(JSON.stringify({ ...whole, [name]: value }))
        const changed = JSON.parse(JSON.stringify({ ...whole, [name]: value })) as unknown
        expect(parsed === null ? changed : formatSettings(parsed)).toEqual(changed)
      }),
    )
  })

  it.each(['javascript:1', 'http://h/path', 'HTTP://h', 'http://a:b@h', 'h', ''])(
    'refuses the hub %j',
    (hubUrl) => {
      expect(parseSettings(JSON.stringify(formatSettings({ ...defaultSettings, hubUrl })))).toBeNull()
    },
  )
})

describe('the settings file', () => {
  it('begins with the defaults and is readable by its owner only', async () => {
    const opened = await openSettingsFile(file)
    expect(opened.current()).toEqual(defaultSettings)
    await opened.save({ ...defaultSettings, notifies: false })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect((await openSettingsFile(file)).current().notifies).toBe(false)
  })

  it('keeps one that cannot be read beside it', async () => {
    await (await openSettingsFile(file)).save(defaultSettings)
    writeFileSync(file, '{"version": 1, "hubUrl"')
    expect((await openSettingsFile(file)).current()).toEqual(defaultSettings)
    const aside = readdirSync(folder).find((name) => name.includes('unreadable')) ?? ''
    expect(readFileSync(join(folder, aside), 'utf8')).toBe('{"version": 1, "hubUrl"')
  })

  it('holds the last of several that are saved at once, whole', async () => {
    const opened = await openSettingsFile(file)
    const expiries = [...shareDurations, ...shareDurations]
    await Promise.all(
      expiries.map(async (defaultExpiry) => opened.save({ ...defaultSettings, defaultExpiry })),
    )
    expect((await openSettingsFile(file)).current().defaultExpiry).toBe(expiries.at(-1))
    expect(readdirSync(folder)).toEqual(['settings.json'])
  })

  it('is written by one at a time', async () => {
    const opened = await openSettingsFile(file)
    const seen: number[] = []
    const saves = Array.from({ length: 20 }, async () => {
      await opened.save({ ...defaultSettings, notifies: false })
      seen.push(readdirSync(folder).filter((name) => name.endsWith('.new')).length)
    })
    await Promise.all(saves)
    expect(Math.max(...seen)).toBeLessThanOrEqual(1)
  })

  it('narrows a folder that others can read', async () => {
    await openSettingsFile(file)
    chmodSync(folder, 0o755)
    await openSettingsFile(file)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })
})
