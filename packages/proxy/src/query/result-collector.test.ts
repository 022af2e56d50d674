// Guarantee (DBQ-05, DBQ-13): a result stops at its caps and says so only when there was more; no column is lost, whatever
// its name.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createResultCollector } from './result-collector.ts'
import { uniqueColumnNames } from './unique-column-names.ts'

const caps = (rowsMax: number, bytesMax = 1_000_000) => ({ rowsMax, bytesMax, timeoutMs: 1 })

describe('the collector', () => {
  it('takes as many rows as it may, and is not truncated by them', () => {
    const collector = createResultCollector(caps(2))
    collector.setColumns(['a', 'a', '__proto__'])
    expect([collector.add([1, 2, 3]), collector.add([4, null, undefined])]).toEqual(['more', 'more'])
    const { columns, rows, rowCount, truncated } = collector.finish()
    expect([columns, rowCount, truncated]).toEqual([['a', 'a_2', '__proto__'], 2, false])
    expect(JSON.stringify(rows)).toBe('[{"a":1,"a_2":2,"__proto__":3},{"a":4,"a_2":null,"__proto__":null}]')
  })

  it('says that there was more, and takes nothing from then on', () => {
    const collector = createResultCollector(caps(1))
    collector.setColumns(['a'])
    expect([collector.add([1]), collector.add([2]), collector.add([3])]).toEqual(['more', 'full', 'full'])
    expect(collector.finish()).toMatchObject({ rowCount: 1, truncated: true })
  })

  it('counts the bytes of the JSON that it becomes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 40 }),
        fc.integer({ min: 2, max: 400 }),
        (texts, max) => {
          const collector = createResultCollector(caps(1_000, max))
          collector.setColumns(['a'])
          for (const text of texts) collector.add([text])
          const { rows, truncated } = collector.finish()
          expect(Buffer.byteLength(JSON.stringify(rows))).toBeLessThanOrEqual(Math.max(max, 2))
          expect(truncated).toBe(rows.length < texts.length)
        },
      ),
    )
  })

  it('puts the columns of records together in the order of their coming', () => {
    const collector = createResultCollector(caps(10))
    collector.addRecord([['b', 1]])
    collector.addRecord([
      ['a', 2],
      ['b', 3],
    ])
    expect(collector.finish()).toMatchObject({ columns: ['b', 'a'], rowCount: 2 })
  })
})

it('names are unique, and as they were where they can be', () => {
  expect(uniqueColumnNames(['a', 'a', 'a_2', 'a'])).toEqual(['a', 'a_3', 'a_2', 'a_4'])
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'a_2', 'a_3', 'b', '')), (names) => {
      const unique = uniqueColumnNames(names)
      expect(new Set(unique).size).toBe(names.length)
      expect(names.every((name, at) => names.indexOf(name) !== at || unique[at] === name)).toBe(true)
    }),
  )
})
