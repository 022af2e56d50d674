import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MessageGuard } from './message-guard.ts'

function message(bytes: number, opcode = 2013, length = bytes): Buffer {
  const made = Buffer.alloc(bytes, 7)
  made.writeInt32LE(length, 0)
  made.writeInt32LE(opcode, 12)
  return made
}

/** What passes of some pieces, or why nothing more does. */
async function pass(pieces: readonly Buffer[], bytesMax = 10_000): Promise<Buffer | string> {
  const guard = new MessageGuard(bytesMax)
  for (const piece of pieces) guard.write(piece)
  guard.end()
  try {
    return Buffer.concat((await guard.toArray()) as Buffer[])
  } catch (error) {
    return `${guard.isOver ? 'over: ' : ''}${error instanceof Error ? error.message : ''}`
  }
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size)
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

// Messages pass as they are; a compressed one, whose size says nothing of what it becomes, ends the connection, wherever
// the network cuts it, as does more than one answer may have.
it('passes messages unchanged, wherever they are cut', async () => {
  const whole = fc.array(fc.integer({ min: 16, max: 90 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(whole, fc.integer({ min: 1, max: 40 }), async (sizes, size) => {
      const bytes = Buffer.concat(sizes.map((length) => message(length)))
      expect(await pass(cut(bytes, size))).toEqual(bytes)
    }),
  )
})

it.each([1, 7, 16, 1_000])('sees a compressed message behind others in pieces of %i', async (size) => {
  const bytes = Buffer.concat([message(40), message(16), message(50, 2012)])
  expect(await pass(cut(bytes, size))).toBe('The database sent a compressed message')
})

it.each([15, 0, -1, 48_016_385])('refuses a message that says to have %i bytes', async (length) => {
  expect(await pass([message(16, 2013, length)])).toBe('The database sent a message of an impossible length')
})

it('passes as much as one answer may have, and not a byte more', async () => {
  expect(await pass([message(100)], 100)).toHaveLength(100)
  expect(await pass([message(101)], 100)).toMatch(/^over: .*more than one answer may have$/)
})
