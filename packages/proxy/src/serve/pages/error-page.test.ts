import { createHash } from 'node:crypto'
import { AppError, errorTable, toErrorResponse, type ErrorCode } from '@private-connect/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderErrorPage, type ErrorPage } from './error-page.ts'

const render = (code: ErrorCode, message?: string, retryAfterSeconds?: number): ErrorPage =>
  renderErrorPage(toErrorResponse(new AppError(code, message), 'req_1').body, {
    retryAfterSeconds,
    random: () => 0.5,
  })

// The device flow's titles are words of RFC 8628, for programs; no visitor of a share meets them.
const visibleCodes = (Object.keys(errorTable) as ErrorCode[]).filter((code) => !code.startsWith('device.'))

const inlineHashes = (html: string, tag: string): string[] =>
  [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  )

// Guarantee (RSP-14): whatever a sentence contains, the page shows it as text; it loads nothing, and what runs in it is
// named in its policy by hash.
describe('renderErrorPage', () => {
  it('escapes every text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { html } = render('share.not_web', `<img src=x onerror=1>${text}`)
        expect(html).not.toContain('<img')
        expect(
          html.match(
            /<(?!\/?(!doctype|html|head|meta|title|style|body|main|div|svg|path|rect|circle|h1|p|footer|br)\b)/g,
          ),
        ).toBeNull()
      }),
    )
  })

  it.each(visibleCodes)('says what %s means, without an asset', (code) => {
    const { html, policy } = render(code)
    expect(html).toMatch(/<h1>[A-Z][^<]{4,}<\/h1>\n<p>[A-Z][^<]{15,}<\/p>/)
    expect(html).toContain(code)
    expect(html).not.toMatch(/<link|<img|url\(|src=|href="[^"]|style="|\son\w+="/)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    for (const hash of [...inlineHashes(html, 'style'), ...inlineHashes(html, 'script')]) {
      expect(policy).toContain(hash)
    }
    expect(policy.includes('script-src')).toBe(html.includes('<script>'))
  })

  it('tries again by itself where the trouble may pass, and only there', () => {
    expect(render('agent.offline').html).toContain('<meta http-equiv="refresh" content="23">')
    expect(render('agent.offline').html).toContain('data-seconds="5"')
    for (const code of ['share.inactive', 'share.not_found', 'share.rate_limited'] as const) {
      expect(render(code, undefined, 7).html).not.toMatch(/http-equiv|id="retry"/)
    }
  })

  it('says when a limited visitor may come again', () => {
    expect(render('share.rate_limited', undefined, 7).html).toContain('data-seconds="7">7 seconds</time>')
    expect(render('share.rate_limited', undefined, 1).html).toContain('>1 second</time>')
  })
})
