import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeLabel, writeName, writeTimeLeft } from './label.ts'

describe('writeName', () => {
  it.each([
    ['  two   words\n', 'two words'],
    ['evil\u202Egpj.exe', 'evil gpj.exe'],
    ['zero\u200Bwidth', 'zero width'],
    ['tab\tand\u0000null', 'tab and null'],
    ['line\u2028and\u2029paragraph', 'line and paragraph'],
    ['naïve — 名前 🚀', 'naïve — 名前 🚀'],
  ])('writes %j as %j', (name, written) => {
    expect(writeName(name)).toBe(written)
  })

  it('is never longer than it may be, and hides nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 60 }), (name, max) => {
        const written = writeName(name, max)
        expect([...written].length).toBeLessThanOrEqual(max)
        expect(written).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(writeName(written, max)).toBe(written)
      }),
    )
  })
})

describe('escapeLabel', () => {
  it('marks no key, whatever the name', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        // As Electron reads a label: && is one &, and a single & marks a key.
        expect(
          escapeLabel(name).replaceAll(/&(.)/g, (_, next: string) => (next === '&' ? '&' : '<key>')),
        ).toBe(name)
      }),
    )
  })
})

describe('writeTimeLeft', () => {
  const minuteMs = 60_000
  it.each([
    [30 * 24 * 60, '30 days left'],
    [48 * 60, '2 days left'],
    [47 * 60 + 58, '47 h left'],
    [24 * 60 - 0.1, '24 h left'],
    [24 * 60, '24 h left'],
    [60, '1 h left'],
    [58, '55 min left'],
    [12, '10 min left'],
    [10, '10 min left'],
    [0.5, '1 min left'],
    [0, 'ended'],
    [-5, 'ended'],
  ])('%d minutes are %s', (minutes, text) => {
    expect(writeTimeLeft(minutes * minuteMs, 0)).toBe(text)
  })

  it('has no end', () => {
    expect(writeTimeLeft(null, 0)).toBe('no end')
  })
})
