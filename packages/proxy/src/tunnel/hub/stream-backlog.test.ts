import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StreamBacklog } from './stream-backlog.ts'

function drain(backlog: StreamBacklog): Buffer[] {
  const blocks: Buffer[] = []
  for (let block = backlog.take(); block !== null; block = backlog.take()) blocks.push(block)
  return blocks
}

describe('the backlog of a reader that is behind', () => {
  it('keeps every byte in order', () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9000 }), { maxLength: 40 })
    fc.assert(
      fc.property(pieces, (arrays) => {
        const backlog = new StreamBacklog()
        for (const array of arrays) backlog.add(Buffer.from(array))
        expect(Buffer.concat(drain(backlog)).equals(Buffer.concat(arrays))).toBe(true)
        expect(backlog.isEmpty).toBe(true)
      }),
    )
  })

  it('holds 100,000 single bytes in a few blocks, and pins no chunk that it came from', () => {
    const backlog = new StreamBacklog()
    const chunk = Buffer.alloc(64 * 1024, 'x')
    for (let index = 0; index < 100_000; index += 1) backlog.add(chunk.subarray(5, 6))
    backlog.add(chunk.subarray(0, 5000))
    const blocks = drain(backlog)
    expect(blocks.length).toBeLessThan(10)
    expect(blocks.every(({ buffer }) => buffer !== chunk.buffer)).toBe(true)
  })
})
