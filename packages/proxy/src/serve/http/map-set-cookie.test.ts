import { expect, it } from 'vitest'
import { unmapSetCookie } from './map-set-cookie.ts'

const prefix = '/shared/t'

// One share's cookies reach neither another share nor the hub: no Domain, and in path form a Path below the share.
it.each([
  ['a=1', '', 'a=1'],
  ['a=1; Domain=app.example; Path=/x; Secure', '', 'a=1; Path=/x; Secure'],
  ['a=1;DOMAIN = .example;HttpOnly', '', 'a=1;HttpOnly'],
  ['a=1; Path=/x', prefix, 'a=1; Path=/shared/t/x'],
  ['a=1; PATH = /', prefix, 'a=1; Path=/shared/t/'],
  ['a=1; Path=x', prefix, 'a=1; Path=/shared/t/'],
  ['a=1; Path', prefix, 'a=1; Path=/shared/t/'],
  ['a=1; Path=/; Path=/y', prefix, 'a=1; Path=/shared/t/; Path=/shared/t/y'],
  ['domain=1; Domain=x', prefix, 'domain=1'],
])('%s with prefix %j is %s', (value, under, mapped) => {
  expect(unmapSetCookie(value, under)).toBe(mapped)
})
