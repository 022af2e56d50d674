import { expect, it } from 'vitest'
import { nextLink } from './next-link.ts'

it('names the same request with the next cursor (RFC 8288)', () => {
  const request = {
    params: { id: 'share_1/../x' },
    query: { limit: '5', cursor: 'old', after: 'log_1', tag: ['a', 'b&c'], none: undefined },
    body: undefined,
  }
  expect(nextLink('https://hub.example.com', '/v1/shares/:id/logs', { request, nextCursor: 'new' })).toBe(
    '<https://hub.example.com/v1/shares/share_1%2F..%2Fx/logs?limit=5&after=log_1&tag=a&tag=b%26c&cursor=new>; rel="next"',
  )
})
