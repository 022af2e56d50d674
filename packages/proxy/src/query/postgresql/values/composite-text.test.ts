import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readComposite } from './composite-text.ts'

// The fields of a row come back as they are in the table: a comma, quote or parenthesis in one does not move the others
// into wrong places.
it.each([
  { text: '()', fields: [null] },
  { text: '(1,2)', fields: ['1', '2'] },
  { text: '(,)', fields: [null, null] },
  { text: '("")', fields: [''] },
  { text: '(1,"a ""b""",)', fields: ['1', 'a "b"', null] },
  { text: '("a,b)","(c")', fields: ['a,b)', '(c'] },
  { text: '("a\\\\b","\\"")', fields: ['a\\b', '"'] },
  { text: '(a\\,b,c)', fields: ['a,b', 'c'] },
  { text: '(a"b c"d)', fields: ['ab cd'] },
  { text: '("(1,""x"")",2)', fields: ['(1,"x")', '2'] },
  { text: '("two\nlines")', fields: ['two\nlines'] },
])('$text', ({ text, fields }) => {
  expect(readComposite(text)).toEqual(fields)
})

it.each(['', 'a', '(', '(a', '(a,', 'a)', '(a)b', '(a))', '("a)', '((a)'])(
  'throws for %j, which is none',
  (text) => {
    expect(() => readComposite(text)).toThrow('Not the text of a row')
  },
)

/** As `record_out` writes a row. */
function writeComposite(fields: readonly (string | null)[]): string {
  const written = fields.map((field) => {
    if (field === null) return ''
    return field === '' || /["\\(),\s]/.test(field) ? `"${field.replaceAll(/["\\]/g, '$&$&')}"` : field
  })
  return `(${written.join(',')})`
}

it('reads every row that PostgreSQL writes', () => {
  const field = fc.option(fc.string({ unit: fc.constantFrom('a', '"', '\\', ',', '(', ')', ' ', '\n', 'é') }))
  fc.assert(
    fc.property(fc.array(field, { minLength: 1 }), (fields) => {
      expect(readComposite(writeComposite(fields))).toEqual(fields)
    }),
  )
})
