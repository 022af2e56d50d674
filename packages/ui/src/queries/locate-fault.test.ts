import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { locateFault } from './locate-fault.ts'

describe('locateFault', () => {
  it.each([
    ['SELECT nothing', 8, { line: 1, text: 'SELECT nothing', before: 7 }],
    ['SELECT 1,\n  nothing\nFROM t', 13, { line: 2, text: '  nothing', before: 2 }],
    ["SELECT '😀', x", 13, { line: 1, text: "SELECT '😀', x", before: 12 }],
    ['SELECT', 7, { line: 1, text: 'SELECT', before: 6 }],
    ['', 1, { line: 1, text: '', before: 0 }],
  ])('%j at %i', (query, position, place) => {
    expect(locateFault(query, position)).toEqual(place)
  })

  it('shows a part of a long line', () => {
    const query = `SELECT ${'x'.repeat(200)}y${'z'.repeat(200)}`
    const { text, before } = locateFault(query, query.indexOf('y') + 1)
    expect([[...text][before], text.length]).toEqual(['y', 90])
  })

  it('points at the very character, wherever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.nat(300), (query, at) => {
        const characters = [...query]
        const meant = characters[at]
        if (meant === undefined || meant === '\n') return
        const { text, before } = locateFault(query, at + 1)
        expect([...text][before]).toBe(meant)
      }),
    )
  })
})
