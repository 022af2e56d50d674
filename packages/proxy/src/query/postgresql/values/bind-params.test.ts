import { expect, it } from 'vitest'
import { bindParams } from './bind-params.ts'

const text = 25
const json = 114
const jsonb = 3802

// Values travel beside the query, never in it, in the form that PostgreSQL reads for the placeholder's type.
it.each([
  [null, text, null],
  [undefined, text, null],
  ["it's; DROP TABLE t", text, "it's; DROP TABLE t"],
  [12.5, text, '12.5'],
  [false, 16, 'false'],
  [{ a: [1] }, jsonb, '{"a":[1]}'],
  [{ a: 1 }, text, '{"a":1}'],
  [[1, 'a"b'], 1009, '{"1","a\\"b"}'],
  [[1, 'a"b'], json, '[1,"a\\"b"]'],
  [[1, null], jsonb, '[1,null]'],
])('%j for type %i is %j', (value, type, bound) => {
  expect(bindParams([value], [type])).toEqual([bound])
})

it.each([
  { params: [], types: [text], said: 'This query has 1 placeholder, and params has 0 values.' },
  { params: [1], types: [], said: 'This query has 0 placeholders, and params has 1 value.' },
  {
    params: [1, 2],
    types: [text, text, text],
    said: 'This query has 3 placeholders, and params has 2 values.',
  },
])('refuses $params.length values for $types.length placeholders', ({ params, types, said }) => {
  expect(() => bindParams(params, types)).toThrow(expect.objectContaining({ code: 'query.refused' }))
  expect(() => bindParams(params, types)).toThrow(said)
})

it.each([['a\0b'], [['a\0b']]])('refuses the NUL in %j, at which a text would end', (value) => {
  expect(() => bindParams([value], [1009])).toThrow('NUL')
})
