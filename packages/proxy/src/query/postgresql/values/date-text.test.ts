import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoTime } from './date-text.ts'

// Times are ISO 8601, which every language reads, before our era and far behind it too; nothing is rounded.
it.each([
  ['2026-11-22', '2026-11-22'],
  ['2026-11-22 05:31:13', '2026-11-22T05:31:13'],
  ['2026-11-22 05:31:13.123456', '2026-11-22T05:31:13.123456'],
  ['2026-11-22 05:31:13.5+00', '2026-11-22T05:31:13.5Z'],
  ['2026-11-22 05:31:13+05:30', '2026-11-22T05:31:13+05:30'],
  ['1890-01-01 00:00:00-00:25:21', '1890-01-01T00:00:00-00:25:21'],
  ['0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00Z'],
  ['0001-12-31 BC', '0000-12-31'],
  ['0001-01-01', '0001-01-01'],
  ['10000-01-01', '+010000-01-01'],
  ['294276-12-31 23:59:59.999999', '+294276-12-31T23:59:59.999999'],
  ['infinity', 'infinity'],
  ['-infinity', '-infinity'],
  ['no date', 'no date'],
])('%s is %s', (text, iso) => {
  expect(isoTime(text)).toBe(iso)
})

it('means the same moment to JavaScript, to the millisecond', () => {
  const date = fc.date({
    noInvalidDate: true,
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T00:00:00Z'),
  })
  fc.assert(
    fc.property(date, (moment) => {
      const text = moment.toISOString().replace('T', ' ').replace('Z', '+00')
      expect(new Date(isoTime(text)).getTime()).toBe(moment.getTime())
    }),
  )
})
