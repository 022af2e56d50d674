// Guarantee (SSRF-05, the part that needs no network): a webhook's URL is one way to write one http(s) address, without
// credentials, on a port that speaks HTTP.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { webhookUrl } from './webhook-url.ts'

describe('webhookUrl', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['HTTPS://Example.COM:443/Hook?a=1', 'https://example.com/Hook?a=1'],
    ['http://10.1.2.3:8080/x', 'http://10.1.2.3:8080/x'],
    ['https://127。0。0。1/', 'https://127.0.0.1/'],
    ['https://①②⑦.0.0.1/', 'https://127.0.0.1/'],
    ['https://0x7f.1/', 'https://127.0.0.1/'],
    ['https://2130706433/', 'https://127.0.0.1/'],
    ['https://[::ffff:169.254.169.254]/', 'https://[::ffff:a9fe:a9fe]/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
  ])('writes %s as %s', (text, written) => {
    expect(webhookUrl.parse(text)).toBe(written)
  })

  it.each([
    '',
    'example.com/hook',
    'file:///etc/passwd',
    'gopher://example.com/',
    'ftp://example.com/',
    'javascript:alert(1)',
    'https:example.com',
    'https:/example.com',
    'https://',
    'https:///x',
    'https://user@example.com/',
    'https://user:pass@example.com/',
    'https://:pass@example.com/',
    'https://example.com#@127.0.0.1/',
    'https://example.com\\@127.0.0.1/',
    'https://example.com/a b',
    'https://example.com/\r\nHost: x',
    'https://example.com/\0',
    ' https://example.com/',
    'https://exa mple.com/',
    'https://example.com:0/',
    'https://example.com:22/',
    'https://example.com:25/',
    'https://example.com:6379/',
    'http://example.com:5432/',
    'https://example.com:65536/',
    'https://[::1/',
    `https://example.com/${'x'.repeat(5000)}`,
    `https://example.com/${'ü'.repeat(1000)}`,
  ])('refuses %j', (text) => {
    expect(webhookUrl.safeParse(text).success).toBe(false)
  })

  it('never throws, and what it writes it reads as the same', () => {
    const near = fc.stringMatching(/^https?:\/\/[\w.@:#?/[\]\\%-]{0,30}$/)
    fc.assert(
      fc.property(fc.oneof(fc.string(), near, fc.webUrl()), (text) => {
        const { data } = webhookUrl.safeParse(text)
        if (data === undefined) return
        expect(webhookUrl.parse(data)).toBe(data)
        expect([new URL(data).username, new URL(data).hash]).toEqual(['', ''])
      }),
    )
  })
})
