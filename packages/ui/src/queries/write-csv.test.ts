import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeCsv } from './write-csv.ts'

describe('writeCsv', () => {
  it('quotes what has to be, and lets no value be a formula', () => {
    const rows = [
      { id: '1', note: 'a "b", c' },
      { id: '-2', note: '=1+1' },
      { id: null, note: { a: 1 } },
    ]
    expect(writeCsv({ columns: ['id', 'note'], rows })).toBe(
      'id,note\r\n1,"a ""b"", c"\r\n-2,\'=1+1\r\n,"{""a"":1}"\r\n',
    )
  })

  it('has no cell that begins as a formula', () => {
    fc.assert(
      fc.property(fc.string(), (note) => {
        const [, cell = ''] = writeCsv({ columns: ['note'], rows: [{ note }] }).split(/\r\n/)
        expect(/^"?[=@\t]/.test(cell)).toBe(false)
      }),
    )
  })
})
