// Guarantee (SPEC §3): what the hub's parser refuses before there is a request is refused in the one documented shape,
// with an id that no other answer has.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { sendRaw } from './kit/send-raw.ts'

let hub: TestHub

beforeAll(async () => {
  hub = await startTestHub()
}, 120_000)
afterAll(async () => hub?.remove())

async function askRaw(text: string): Promise<{ head: string; body: Record<string, unknown> }> {
  const [head = '', body = ''] = (await sendRaw(hub.port, text)).split('\r\n\r\n')
  return { head, body: JSON.parse(body) as Record<string, unknown> }
}

const api = 'GET /v1/agents HTTP/1.1\r\nHost: x\r\n'

it.each([
  [400, 'request.malformed', `GET /v1/agents HTTP/1.1\r\nHost : x\r\n\r\n`],
  [400, 'request.malformed', `${api}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`],
  // A proxy's own word about who calls (IP-08), which the hub takes from X-Forwarded-For only.
  [400, 'request.malformed', `PROXY TCP4 10.1.1.1 127.0.0.1 1 2\r\n${api}\r\n`],
  [400, 'request.malformed', `\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c${api}\r\n`],
  [404, 'route.not_found', `${api.replace('agents', 'none')}Connection: Upgrade\r\nUpgrade: x\r\n\r\n`],
  [401, 'auth.required', `${api.replace('agents', 'tunnel')}Connection: Upgrade\r\nUpgrade: x\r\n\r\n`],
  [408, 'request.timeout', `${api}A: `],
  [417, 'request.expectation_failed', `${api}Expect: tea\r\n\r\n`],
  [431, 'request.headers_too_large', `${api}A: ${'a'.repeat(17_000)}\r\n\r\n`],
])('%i %s', { timeout: 60_000 }, async (status, code, bytes) => {
  const { head, body } = await askRaw(bytes)
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(body).toEqual({
    error: expect.stringMatching(/^[A-Z]/),
    message: expect.stringMatching(/^[A-Z].+/),
    statusCode: status,
    code,
    requestId: expect.stringMatching(/^req_[0-9a-f]{32}$/),
  })
  expect(head).toContain(`X-Request-Id: ${String(body['requestId'])}`)
})
