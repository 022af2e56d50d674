import { describe, expect, it } from 'vitest'
import { refuseCrossSiteCall, refuseCrossSiteWrite } from './cross-site.ts'

const own = 'https://hub.example.com'
const attempt = (change: Partial<Parameters<typeof refuseCrossSiteWrite>[0]>) => (): void =>
  refuseCrossSiteWrite({ method: 'POST', secFetchSite: undefined, origin: undefined, ...change }, own)

// Guarantee (AUTH-12): a page of another site, a sibling subdomain included, cannot write with the visitor's cookie.
describe('refuseCrossSiteWrite', () => {
  it.each([
    { secFetchSite: 'cross-site' },
    { secFetchSite: 'same-site' },
    { secFetchSite: 'none' },
    { secFetchSite: 'cross-site', origin: 'https://hub.example.com' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'https://share.hub.example.com' },
    { origin: 'http://hub.example.com', method: 'DELETE' },
  ])('refuses %j', (change) => {
    expect(attempt(change)).toThrow(expect.objectContaining({ code: 'auth.cross_site' }))
  })

  it.each([
    { secFetchSite: 'same-origin' },
    { origin: 'https://hub.example.com' },
    {},
    { method: 'GET', secFetchSite: 'cross-site' },
  ])('allows %j', (change) => {
    expect(attempt(change)).not.toThrow()
  })
})

// Guarantee (AUTH-09): nobody is signed in by another site's link, image, form or redirect.
describe('refuseCrossSiteCall', () => {
  const call = (change: Partial<Parameters<typeof refuseCrossSiteCall>[0]>) => (): void =>
    refuseCrossSiteCall(
      {
        secFetchSite: undefined,
        secFetchMode: undefined,
        origin: undefined,
        hasHeaderCredential: false,
        ...change,
      },
      own,
    )

  it.each([
    { secFetchSite: 'cross-site', secFetchMode: 'no-cors' },
    { secFetchSite: 'same-site', secFetchMode: 'cors' },
    { secFetchSite: 'none', secFetchMode: 'navigate' },
    { secFetchSite: 'none' },
    { secFetchSite: 'same-origin', secFetchMode: 'navigate' },
    { secFetchSite: 'none', secFetchMode: 'no-cors' },
    { secFetchSite: 'none', secFetchMode: 'no-cors', origin: 'https://evil.example' },
    {
      secFetchSite: 'none',
      secFetchMode: 'no-cors',
      origin: 'https://evil.example',
      hasHeaderCredential: true,
    },
    { secFetchSite: 'cross-site', secFetchMode: 'no-cors', hasHeaderCredential: true },
    { secFetchSite: 'none', secFetchMode: 'navigate', hasHeaderCredential: true },
    { origin: 'https://evil.example' },
  ])('refuses %j', (change) => {
    expect(call(change)).toThrow(expect.objectContaining({ code: 'auth.cross_site' }))
  })

  it.each([
    { secFetchSite: 'same-origin', secFetchMode: 'cors' },
    { secFetchSite: 'none', secFetchMode: 'no-cors', hasHeaderCredential: true },
    { origin: own },
    {},
  ])('allows %j', (change) => {
    expect(call(change)).not.toThrow()
  })
})
