import { AppError, errorTable, toErrorResponse, type ErrorCode } from '@private-connect/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderErrorPage } from './error-page.ts'

const render = (code: ErrorCode, message?: string) =>
  renderErrorPage(toErrorResponse(new AppError(code, message, { retryAfterSeconds: 7 }), 'req_1').body)

// The device flow's titles are words of RFC 8628, for programs; no visitor of a share meets them.
const visibleCodes = (Object.keys(errorTable) as ErrorCode[]).filter((code) => !code.startsWith('device.'))

// Guarantee (RSP-14): whatever a sentence contains, the page shows it as text; it loads nothing and runs nothing.
describe('renderErrorPage', () => {
  it('escapes every text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const page = render('internal', `<img src=x onerror=1>${text}`)
        expect(page).not.toContain('<img')
        expect(
          page.match(/<(?!\/?(!doctype|html|head|meta|title|style|body|main|h1|p|footer|br)\b)/g),
        ).toBeNull()
      }),
    )
  })

  it.each(visibleCodes)('says what %s means, without script or asset', (code) => {
    const page = render(code)
    expect(page).toMatch(/<h1>[A-Z][^<]{4,}<\/h1>\n<p>[A-Z][^<]{15,}<\/p>/)
    expect(page).toContain(code)
    expect(page).not.toMatch(/<script|<link|<img|url\(|src=|href=/)
  })

  it('tries again by itself where the trouble may pass, and only there', () => {
    expect(render('agent.offline')).toContain('<meta http-equiv="refresh" content="5">')
    expect(render('share.inactive')).not.toContain('http-equiv')
    expect(render('share.rate_limited')).toContain('Try again in 7 seconds.')
  })
})
