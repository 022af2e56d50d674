import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMessageWatch } from './message-watch.ts'

function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(letter, 'latin1')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

function cut(whole: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  let at = 0
  for (const size of sizes) {
    chunks.push(whole.subarray(at, at + size))
    at += size
  }
  return [...chunks, whole.subarray(at)]
}

describe('createMessageWatch', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 })
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 })

  it('lets messages through that are as long as they may be, however they are cut', () => {
    fc.assert(
      fc.property(bodies, sizes, (bodies, sizes) => {
        const watch = createMessageWatch(44)
        const whole = Buffer.concat(bodies.map((body) => message('D', Buffer.from(body))))
        expect(cut(whole, sizes).every((chunk) => watch.take(chunk) === 'ok')).toBe(true)
      }),
    )
  })

  it('tells of a longer one by its header alone', () => {
    fc.assert(
      fc.property(bodies, sizes, (bodies, sizes) => {
        const watch = createMessageWatch(44)
        const announced = message('D', Buffer.alloc(41)).subarray(0, 5)
        const whole = Buffer.concat([...bodies.map((body) => message('D', Buffer.from(body))), announced])
        expect(cut(whole, sizes).some((chunk) => watch.take(chunk) === 'too-long')).toBe(true)
      }),
    )
  })
})
