import { expect, it } from 'vitest'
import { isLocalLink, isReadableOnItsWay } from './is-local-link.ts'

it.each([
  ['http://share-tok-abc.localhost:7300/', true],
  ['http://localhost:7300/shared/share_tok_abc/', true],
  ['http://127.0.0.1:7300/', true],
  ['http://[::1]:7300/', true],
  ['https://share-tok-abc.hub.example.com/', false],
  ['http://192.168.1.20:7300/', false],
  ['https://localhost.example.com/', false],
  ['https://127.0.0.1.example.com/', false],
  ['no address', false],
])('%s → %s', (url, isLocal) => {
  expect(isLocalLink(url)).toBe(isLocal)
})

it.each([
  ['http://hub.example.com', true],
  ['http://192.168.1.20:7300', true],
  ['https://hub.example.com', false],
  ['http://127.0.0.1:7300', false],
  ['http://localhost:7300', false],
])('what is sent to %s is readable: %s', (hubUrl, isReadable) => {
  expect(isReadableOnItsWay(hubUrl)).toBe(isReadable)
})
