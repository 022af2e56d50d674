// Guarantee: of an upstream's answer we find what Node's own client (llhttp) finds, and where strict reading must fail
// we never find a complete one: nothing may be taken that llhttp refuses or reads otherwise (SMG-09).
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cutAnyhow, mutatedAnswer, pieceSizes, validAnswer } from './kit/answers.arbitrary.ts'
import { startLlhttpReader, type LlhttpReader } from './kit/llhttp-reader.ts'
import { readWith } from './kit/parser-kit.ts'

/**
 * Where we differ from llhttp on purpose: it refuses a length in trailers, which SMG-16 has us drop, and it takes a tab
 * behind `chunked` for a part of that word, which RFC 9110 §5.5 has us remove.
 */
const isKnownDifference = (bytes: string): boolean =>
  /\r\n0+(?:;[^\r]*)?\r\n(?:[^\r\n]*\r\n)*content-length *:/i.test(bytes) || /chunked *\t/i.test(bytes)

let llhttp: LlhttpReader
beforeAll(async () => {
  llhttp = await startLlhttpReader()
})
afterAll(() => llhttp.close())

describe('a generated answer', { timeout: 120_000 }, () => {
  it('that is valid is read like llhttp does, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(validAnswer, pieceSizes, async ({ bytes, method, body }, sizes) => {
        const ours = readWith(cutAnyhow(bytes, sizes), { method })
        const theirs = await llhttp.read(bytes, method)
        expect(ours).toMatchObject({ isComplete: true, isRefused: false, hasExtra: false, body })
        expect(ours).toMatchObject({ ...theirs })
      }),
      { numRuns: 1_000 },
    )
  })

  it('that was damaged is never complete unless llhttp finds the same in it', async () => {
    await fc.assert(
      fc.asyncProperty(mutatedAnswer, pieceSizes, async ({ bytes, method }, sizes) => {
        const ours = readWith(cutAnyhow(bytes, sizes), { method })
        const whole = readWith(bytes, { method })
        expect([ours.isComplete, ours.body, ours.status]).toEqual([
          whole.isComplete,
          whole.body,
          whole.status,
        ])
        expect(ours.isComplete).toBe(!ours.isRefused)
        if (!ours.isComplete || ours.hasExtra || isKnownDifference(bytes)) return
        expect(ours).toMatchObject({ ...(await llhttp.read(bytes, method)) })
      }),
      { numRuns: 3_000 },
    )
  })
})
