import { describe, expect, it } from 'vitest'
import { networkRanges, shareDomain } from './env-values.ts'

describe('networkRanges', () => {
  it('names the part that is wrong', () => {
    const result = networkRanges.safeParse('10.0.0.0/8, nonsense')
    expect(result.error?.issues[0]?.message).toContain("'nonsense'")
  })
})

describe('shareDomain', () => {
  it.each(['localhost:7300', 'share.example.com', 'SHARE.example.com'])('takes %s', (text) => {
    expect(shareDomain.parse(text)).toBe(text.toLowerCase())
  })
  it.each(['https://x', 'a_b.com', '-a.com', 'a..b', '.a', 'a/b', '*.a.com'])('refuses %s', (text) => {
    expect(shareDomain.safeParse(text).success).toBe(false)
  })
})
