import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composeAccountExistsMail, composeLoginMail, composeRegisterMail } from './sign-in-mails.ts'

const facts = {
  email: 'ada@example.com',
  link: 'https://hub.example.com/signin?redirect=%2Fdevice#magic_tok_abcdefghijklmnopqrstuvwxyz234567',
  hub: 'hub.example.com',
  lifetimeMinutes: 15,
  ipAddress: '203.0.113.42',
  askedAt: new Date('2026-03-01T10:00:59Z'),
}
const composers = [composeLoginMail, composeRegisterMail, composeAccountExistsMail]

describe.each(composers.map((compose) => [compose.name, compose] as const))('%s', (_, compose) => {
  const mail = compose(facts)

  it('has the whole link, the account, the hub and how long it works in text and HTML', () => {
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain(facts.link)
      for (const fact of ['ada@example.com', 'hub.example.com', '15 minutes', '203.0.113.42']) {
        expect(part).toContain(fact)
      }
      expect(part).toContain('2026-03-01 10:00 UTC')
    }
    expect(mail.text.split('\n')).toContain(facts.link)
    expect(mail.to).toBe(facts.email)
  })

  it('loads nothing from anywhere, runs nothing, and knows the dark', () => {
    expect(mail.html).not.toMatch(/<(img|script|link|iframe|form)|url\(|@import|\son\w+=/i)
    expect(mail.html).toContain('prefers-color-scheme:dark')
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark">')
    const addresses = mail.html.match(/https?:\/\/[^"<\s]+/g) ?? []
    expect(new Set(addresses)).toEqual(new Set([facts.link]))
  })

  it('escapes whatever is in its facts', () => {
    const hostile = fc.array(fc.constantFrom(...'<>"\'&abc/='), { maxLength: 20 }).map((all) => all.join(''))
    fc.assert(
      fc.property(hostile, (text) => {
        const tags = (html: string): string[] => html.match(/<[^>]*>/g) ?? []
        const changed = compose({ ...facts, email: `a${text}`, hub: `h${text}`, ipAddress: `i${text}` })
        expect(tags(changed.html)).toEqual(tags(mail.html))
      }),
    )
  })
})

it('are three different mails', () => {
  expect(new Set(composers.map((compose) => compose(facts).subject)).size).toBe(3)
  expect(new Set(composers.map((compose) => compose(facts).text)).size).toBe(3)
})
