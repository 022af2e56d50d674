import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readPage, type ListQuery } from './read-page.ts'

function listOf(total: number): ListQuery<number, string> {
  const all = Array.from({ length: total }, (_value, index) => total - index)
  return {
    list: 'numbers',
    fetch: async ({ limit, cursor }) =>
      all.filter((n) => cursor === undefined || n < Number(cursor)).slice(0, limit),
    position: String,
    present: (n) => `item ${n}`,
  }
}

it('walks every list to its end, each entry once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(60), fc.integer({ min: 1, max: 20 }), async (total, limit) => {
      const query = listOf(total)
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await readPage({ limit, cursor }, query)
        expect(page.items.length).toBeLessThanOrEqual(limit)
        seen.push(...page.items)
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      expect(seen).toEqual(Array.from({ length: total }, (_value, index) => `item ${total - index}`))
    }),
  )
})
