import fc from 'fast-check'
import { expect, it } from 'vitest'
import { uniqueColumnNames } from './unique-column-names.ts'

// Rows are objects: two columns of one name would lose a value, so each column gets a name of its own, and one that was
// the only one of its name keeps it.
it.each([
  { names: [], unique: [] },
  { names: ['a', 'b'], unique: ['a', 'b'] },
  { names: ['a', 'a', 'a'], unique: ['a', 'a_2', 'a_3'] },
  { names: ['a', 'a', 'a_2'], unique: ['a', 'a_3', 'a_2'] },
  { names: ['a_2', 'a', 'a'], unique: ['a_2', 'a', 'a_3'] },
  { names: ['', ''], unique: ['', '_2'] },
  { names: ['__proto__', '__proto__'], unique: ['__proto__', '__proto___2'] },
])('$names become $unique', ({ names, unique }) => {
  expect(uniqueColumnNames(names)).toEqual(unique)
})

const names = fc.array(fc.constantFrom<string[]>('a', 'b', 'a_2', 'a_3', 'a_2_2', '', '_2', '__proto__'))

it('every name comes once, and the first of each stays as it is', () => {
  fc.assert(
    fc.property(names, (given) => {
      const unique = uniqueColumnNames(given)
      expect(new Set(unique).size).toBe(given.length)
      const isFirst = (name: string, at: number): boolean => given.indexOf(name) === at
      expect(unique.filter((_, at) => isFirst(given[at] ?? '', at))).toEqual(given.filter(isFirst))
      expect(unique.every((name, at) => name.startsWith(given[at] ?? ''))).toBe(true)
    }),
  )
})

it('takes no longer for a thousand columns of one name than it must', () => {
  const unique = uniqueColumnNames(Array.from({ length: 1_600 }, () => 'n'))
  expect(unique.at(-1)).toBe('n_1600')
})
