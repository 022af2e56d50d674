import { describe, expect, it } from 'vitest'
import { keepHostCookies } from './host-cookie.ts'

const browser = { hubOrigin: 'https://hub.example.com', secFetchSite: 'same-origin' }
const curl = { ...browser, secFetchSite: undefined }

// Guarantee (RSP-04, AUTH-12): on https no other host can choose the session that a browser has at the hub.
describe('keepHostCookies', () => {
  it.each([
    ['session=planted', ''],
    ['a=1; session=planted; b=2', 'a=1; b=2'],
    ['session=planted; __Host-session=own', 'session=own'],
    ['__Host-session=own; session=own; a=1', 'a=1; session=own'],
    ['session=planted; session=again; __Host-session=own', 'session=own'],
    ['__Host-session=own; __Host-session=other', 'session=own; session=other'],
    ['__host-session=planted', '__host-session=planted'],
  ])('a browser’s %j is %j', (sent, kept) => {
    expect(keepHostCookies(sent, browser)).toBe(kept)
  })

  it('lets a program send the documented cookie, or the other one', () => {
    expect(keepHostCookies('session=x', curl)).toBe('session=x')
    expect(keepHostCookies('__Host-session=x', curl)).toBe('session=x')
  })

  it('changes nothing without https, where there is no such promise to be had', () => {
    expect(keepHostCookies('session=x', { ...browser, hubOrigin: 'http://localhost:7300' })).toBe('session=x')
  })
})
