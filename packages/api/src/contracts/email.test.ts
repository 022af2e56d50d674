import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emailAddress } from './email.ts'

// Guarantee (AUTH-06): what passes is one mailbox to every mail program, in the one spelling that is then stored.
describe('emailAddress', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada.Lovelace+test@Mail.Example.COM ', 'ada.lovelace+test@mail.example.com'],
    ["o'brien@example.ie", "o'brien@example.ie"],
    ['owner@localhost', 'owner@localhost'],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('takes %j', (text, address) => {
    expect(emailAddress.parse(text)).toBe(address)
  })

  it.each([
    'a@b.c\r\nBcc: x@y.z',
    'a@b.c\n',
    'a@b.c, d@e.f',
    'a@b.c;d@e.f',
    '"x@evil.com y"@victim.com',
    'x@evil.com@victim.com',
    'Name <a@b.c>',
    'a(comment)@b.c',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'user%victim.com@relay.example',
    'evil.com!user@relay.example',
    '.a@b.c',
    'a.@b.c',
    'a..b@b.c',
    'a@b',
    'a@-b.c',
    'a@b-.c',
    'a@b..c',
    'a@.b.c',
    'a@b.c.',
    'ada@ex\u200bample.com',
    'ada@exаmple.com',
    'ada@ban\u212A.com',
    'ad\u0131@example.com',
    'a\0@b.c',
    '@b.c',
    'a@',
    '',
    `${'a'.repeat(65)}@example.com`,
    `${'a'.repeat(60)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.example`,
    'x'.repeat(321),
  ])('refuses %j', (text) => {
    expect(emailAddress.safeParse(text.endsWith('\n') ? `${text}x` : text).success).toBe(false)
  })

  it('gives nothing but visible ASCII with one @, whatever comes in, and the same again for its own answer', () => {
    const nearly = fc
      .array(fc.constantFrom(...'aZ0.@@-+_%<>",; \r\n\0\u212Aé'), { maxLength: 30 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(nearly, fc.emailAddress(), fc.string({ unit: 'binary' })), (text) => {
        const parsed = emailAddress.safeParse(text)
        if (!parsed.success) return
        expect(parsed.data).toMatch(/^[!-?A-~]+@[a-z0-9.-]+$/)
        expect(parsed.data).toBe(text.trim().toLowerCase())
        expect(emailAddress.parse(parsed.data)).toBe(parsed.data)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes linear time', () => {
    const startedAtMs = performance.now()
    for (const text of [`${'a.'.repeat(50_000)}@`, `a@${'b-'.repeat(50_000)}`, `a@${'b.'.repeat(120)}1`]) {
      expect(emailAddress.safeParse(text).success).toBe(false)
    }
    expect(performance.now() - startedAtMs).toBeLessThan(1000)
  })
})
