import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTagPattern, readPattern } from './tag-pattern.ts'

const tags = fc.stringMatching(/^[a-z0-9-]{1,40}$/)

async function build(tag: string, bytes: number): Promise<Buffer> {
  return Buffer.concat(await readPattern(tag, bytes).toArray())
}

describe('createTagPattern', () => {
  it('repeats the tag', async () => {
    expect((await build('ab', 8)).toString()).toBe('ab\nab\nab')
  })

  it('recognises its own bytes in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(tags, fc.nat(200_000), fc.nat(), async (tag, bytes, cutSeed) => {
        const body = await build(tag, bytes)
        const cut = bytes === 0 ? 0 : cutSeed % bytes
        const pattern = createTagPattern(tag)
        expect(pattern.matches(body.subarray(0, cut), 0)).toBe(true)
        expect(pattern.matches(body.subarray(cut), cut)).toBe(true)
      }),
    )
  })

  it('notices a single foreign byte anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(tags, fc.integer({ min: 1, max: 200_000 }), fc.nat(), async (tag, bytes, atSeed) => {
        const body = Buffer.from(await build(tag, bytes))
        const at = atSeed % bytes
        body[at] = (body[at] as number) ^ 1
        expect(createTagPattern(tag).matches(body, 0)).toBe(false)
      }),
    )
  })
})
