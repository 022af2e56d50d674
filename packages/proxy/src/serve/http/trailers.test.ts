import { expect, it } from 'vitest'
import { keepTrailers } from './trailers.ts'

// Behind a body comes nothing that somebody might act on as if it had come in the head.
it.each(
  'Set-Cookie AUTHORIZATION location content-type content-length content-security-policy access-control-allow-origin x-forwarded-for strict-transport-security sec-websocket-key host proxy-x'.split(
    ' ',
  ),
)('%s may not trail', (name) => {
  expect(keepTrailers(['a', '1', name, '2', 'b', '3'])).toEqual(['a', '1', 'b', '3'])
})

it.each('content-digest Server-Timing x-checksum grpc-status'.split(' '))('%s may', (name) => {
  expect(keepTrailers([name, '1'])).toEqual([name, '1'])
})
