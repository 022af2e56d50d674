import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readProxyRule } from './read-proxy-rule.ts'

describe('the proxy of the system', () => {
  it.each([
    ['DIRECT', undefined],
    ['PROXY proxy.example:3128', 'http://proxy.example:3128/'],
    ['PROXY proxy.example:3128; DIRECT', 'http://proxy.example:3128/'],
    ['HTTPS proxy.example:443;PROXY other:1', 'https://proxy.example/'],
    ['SOCKS5 socks.example:1080; PROXY proxy.example:3128', 'http://proxy.example:3128/'],
    ['SOCKS socks.example:1080; DIRECT', undefined],
    ['DIRECT; PROXY proxy.example:3128', undefined],
    ['PROXY', undefined],
    ['PROXY a/b', undefined],
    ['', undefined],
  ])('of %j is %s', (rule, href) => {
    expect(readProxyRule(rule)?.href).toBe(href)
  })

  it('is an http or https origin or none, whatever the system answers', () => {
    const rule = fc
      .array(fc.oneof(fc.constantFrom('PROXY', 'HTTPS', ';', ' ', 'DIRECT'), fc.string()))
      .map((parts) => parts.join(' '))
    fc.assert(
      fc.property(rule, (text) => {
        expect(readProxyRule(text)?.href ?? 'http://none/').toMatch(/^https?:\/\/[^/@]+\/$/)
      }),
    )
  })
})
