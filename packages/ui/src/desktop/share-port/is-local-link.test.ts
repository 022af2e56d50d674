import { expect, it } from 'vitest'
import { isLocalLink } from './is-local-link.ts'

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
