import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrayLiteral, readArray } from './array-text.ts'

const keep = (text: string): string => text

// A visitor's array reaches PostgreSQL as the array that it is, whatever is in its texts: none of them ends its quotes, or
// becomes two elements, or NULL.
describe('writing an array', () => {
  it.each([
    { items: [], text: '{}' },
    { items: [1, -2.5, true], text: '{"1","-2.5","true"}' },
    { items: [null, undefined], text: '{NULL,NULL}' },
    { items: ['NULL', 'null', ''], text: '{"NULL","null",""}' },
    { items: ['a"b', 'a\\b', '{}', 'a,b'], text: '{"a\\"b","a\\\\b","{}","a,b"}' },
    { items: [['a'], ['b']], text: '{{"a"},{"b"}}' },
    { items: [{ a: '"' }], text: '{"{\\"a\\":\\"\\\\\\"\\"}"}' },
  ])('$items is $text', ({ items, text }) => {
    expect(arrayLiteral(items)).toBe(text)
  })
})

describe('reading an array', () => {
  it.each([
    { text: '{}', items: [] },
    { text: '{1,2}', items: ['1', '2'] },
    { text: '{NULL,"NULL",null}', items: [null, 'NULL', 'null'] },
    { text: '{"a b","a,b","{x}",""}', items: ['a b', 'a,b', '{x}', ''] },
    { text: '{"\\"","\\\\","\\a"}', items: ['"', '\\', 'a'] },
    {
      text: '{{1,2},{3,4}}',
      items: [
        ['1', '2'],
        ['3', '4'],
      ],
    },
    { text: '[0:1]={7,8}', items: ['7', '8'] },
    { text: '[1:1][-2:-1]={{1,2}}', items: [['1', '2']] },
  ])('$text', ({ text, items }) => {
    expect(readArray(text, keep)).toEqual(items)
  })

  it('separates by the delimiter of the type', () => {
    expect(readArray('{(1,1),(0,0);(3,3),(2,2)}', keep, ';')).toEqual(['(1,1),(0,0)', '(3,3),(2,2)'])
  })

  it('decodes elements, but not NULL', () => {
    expect(readArray('{1,NULL,{2}}', Number)).toEqual([1, null, [2]])
  })

  it.each([
    '',
    '1',
    '{',
    '{1',
    '{1,',
    '{1,}',
    '{,1}',
    '{"a',
    '{"a"b}',
    '{1}x',
    '{1}}',
    '{{1}',
    '[0:1]',
    '[0:1]={1',
  ])('throws for %j, which is none', (text) => {
    expect(() => readArray(text, keep)).toThrow('Not the text of an array')
  })
})

type Tree = string | null | Tree[]
const { tree } = fc.letrec<{ tree: Tree[] }>((tie) => ({
  tree: fc.array(fc.oneof({ maxDepth: 4 }, fc.string({ unit: 'binary' }), fc.constant(null), tie('tree'))),
}))

it('reads what it writes', () => {
  fc.assert(
    fc.property(tree, (items) => {
      expect(readArray(arrayLiteral(items), keep)).toEqual(items)
    }),
  )
})

it('answers every text with an array or its own error', () => {
  const soup = fc.string({ unit: fc.constantFrom('{', '}', '"', '\\', ',', 'a', '[', '=', 'NULL') })
  const outcomeOf = (text: string): unknown => {
    try {
      return Array.isArray(readArray(text, keep)) ? 'an array' : 'nothing'
    } catch (error) {
      return error instanceof Error ? error.message : error
    }
  }
  fc.assert(
    fc.property(soup, (text) => {
      expect(['an array', 'Not the text of an array']).toContain(outcomeOf(text))
    }),
  )
})
