import { describe, expect, it } from 'vitest'
import { createSignInLimits } from './sign-in-limits.ts'

function limitsAt() {
  const clock = { ms: 1_000_000 }
  const limits = createSignInLimits({
    nowMs: () => clock.ms,
    requestsPerMin: 3,
    mailsPerRecipient: 2,
    mailsPerAddress: 4,
    mailsMax: 6,
  })
  const countMails = (count: number, wanted: (index: number) => { email: string; ipAddress: string }) =>
    Array.from({ length: count }, (_, index) => limits.mayMail(wanted(index))).filter((may) => may === true)
      .length
  return { clock, limits, countMails }
}

describe('requests', () => {
  it('of one address, or of one /64 of IPv6, are limited in a minute', () => {
    const { clock, limits } = limitsAt()
    for (const tail of ['1', '2', '3']) void limits.checkRate(`2001:db8::${tail}`)
    expect(() => limits.checkRate('2001:db8::4')).toThrow(
      expect.objectContaining({ code: 'request.rate_limited', retryAfterSeconds: expect.any(Number) }),
    )
    expect(() => limits.checkRate('2001:db8:0:1::4')).not.toThrow()
    clock.ms += 62_000
    expect(() => limits.checkRate('2001:db8::4')).not.toThrow()
  })
})

// Guarantee (RL-08): mails are capped per recipient, per address that asks, and over all.
describe('mails', () => {
  it('to one recipient are limited, whoever asks, for ten minutes', () => {
    const { clock, countMails } = limitsAt()
    const wanted = (index: number) => ({ email: 'a@example.com', ipAddress: `192.0.2.${index}` })
    expect(countMails(500, wanted)).toBe(2)
    clock.ms += 62_000
    expect(countMails(10, wanted)).toBe(0)
    clock.ms += 600_000
    expect(countMails(10, wanted)).toBe(2)
  })

  it('asked for by one address are limited, whoever gets them', () => {
    const { countMails } = limitsAt()
    expect(countMails(50, (index) => ({ email: `${index}@example.com`, ipAddress: '192.0.2.1' }))).toBe(4)
  })

  it('of the hub are limited, and a flood from one address leaves the rest to others', () => {
    const { countMails } = limitsAt()
    countMails(1000, (index) => ({ email: `${index}@example.com`, ipAddress: '192.0.2.1' }))
    const others = (index: number) => ({ email: `b${index}@example.com`, ipAddress: `198.51.100.${index}` })
    expect(countMails(100, others)).toBe(2)
  })
})
