import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  composeAgentBackMail,
  composeAgentOfflineMail,
  composeShareExpiringMail,
  composeWebhookDisabledMail,
} from './alert-mails.ts'

const facts = {
  email: 'ada@example.com',
  hubUrl: 'https://hub.example.com',
  workspaceName: 'acme-corp',
  name: 'build-laptop',
  at: new Date('2026-03-01T10:00:59Z'),
}
const composers = [composeAgentOfflineMail, composeAgentBackMail, composeShareExpiringMail]

describe.each(composers.map((compose) => [compose.name, compose] as const))('%s', (_, compose) => {
  const mail = compose(facts)

  it('names what it is about, where and when, in text and HTML', () => {
    for (const part of [mail.text, mail.html]) {
      for (const fact of ['build-laptop', 'acme-corp', '2026-03-01 10:00 UTC', 'hub.example.com']) {
        expect(part).toContain(fact)
      }
    }
    expect(mail.subject).toContain('build-laptop')
    expect(mail.to).toBe(facts.email)
  })

  it('is worth sending for hours: a mail server may be away for one', () => {
    expect(mail.lifetimeMs).toBeGreaterThan(6 * 3_600_000)
  })

  it('leads nowhere but to the hub', () => {
    const addresses = mail.html.match(/https?:\/\/[^"<\s]+/g) ?? []
    expect(new Set(addresses)).toEqual(new Set(['https://hub.example.com/']))
  })

  it('escapes whatever is in its names', () => {
    const hostile = fc.array(fc.constantFrom(...'<>"\'&abc/='), { maxLength: 20 }).map((all) => all.join(''))
    const tags = (html: string): string[] => html.match(/<[^>]*>/g) ?? []
    fc.assert(
      fc.property(hostile, (text) => {
        const changed = compose({ ...facts, name: `n${text}`, workspaceName: `w${text}` })
        expect(tags(changed.html)).toEqual(tags(mail.html))
      }),
    )
  })
})

describe('composeWebhookDisabledMail', () => {
  it.each([
    ['gone', '410'],
    ['failing', 'five days'],
  ] as const)('says why: %s', (reason, words) => {
    const { email, hubUrl } = facts
    const mail = composeWebhookDisabledMail({ email, hubUrl, host: 'hooks.example.net', reason })
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain(words)
      expect(part).toContain('hooks.example.net')
    }
  })
})
