import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { callHub, type HubConnection } from './hub-request.ts'

const apiKey = 'pc_live_canary'
const output = z.object({ answer: z.int() })
const failure = {
  error: 'Conflict',
  message: 'Taken.',
  statusCode: 409,
  code: 'service.name_taken',
  requestId: 'req_1',
}
let server: Server
let connection: HubConnection
let seen: IncomingMessage[]
let answer: RequestListener

const json = (status: number, body: unknown, headers = {}): RequestListener => {
  return (_req, res) =>
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
const call = (path = '/v1/x') => callHub(connection, { method: 'GET', path, output })
const failureOf = async (act: Promise<unknown>): Promise<{ kind: string; message: string; hint: string }> =>
  act.then(
    () => Promise.reject(new Error('It was accepted.')),
    (cause: { kind: string; message: string; hint: string }) => cause,
  )

beforeEach(async () => {
  seen = []
  answer = json(200, { answer: 42 })
  server = createServer((req, res) => {
    seen.push(req)
    answer(req, res)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  connection = { hubUrl, credential: { kind: 'api_key', value: apiKey }, dispatcher: new Agent() }
})

afterEach(async () => {
  await connection.dispatcher.destroy()
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

describe('callHub', () => {
  it('sends the key and asks for no compression', async () => {
    expect(await call()).toEqual({ value: { answer: 42 }, nextPath: null })
    expect(seen[0]?.headers).toMatchObject({ 'x-api-key': apiKey, 'accept-encoding': 'identity' })
  })

  it('answers the next page by path only, whatever host the hub names', async () => {
    const link = '<https://evil.example/v1/shares?cursor=abc&limit=1>; rel="next"'
    answer = json(200, { answer: 1 }, { link: `<https://x/>; rel="prev", ${link}` })
    expect((await call()).nextPath).toBe('/v1/shares?cursor=abc&limit=1')
  })

  it("shows the hub's own sentence, its code, and what to change", async () => {
    answer = json(409, failure)
    await expect(call()).rejects.toMatchObject({
      kind: 'failed',
      message: 'Taken.',
      code: 'service.name_taken',
    })
    answer = json(400, {
      ...failure,
      code: 'request.invalid',
      issues: [{ path: 'name', message: 'Too long' }],
    })
    expect((await failureOf(call())).hint).toBe('name: Too long')
  })

  it('says where the ids of shares are found', async () => {
    answer = json(404, { ...failure, statusCode: 404, code: 'share.not_found' })
    expect((await failureOf(call())).hint).toContain('npx private-connect ls')
  })

  it.each(['auth.required', 'auth.invalid'])('calls %s a matter of the credentials', async (code) => {
    answer = json(401, { ...failure, statusCode: 401, code })
    const refused = await failureOf(call())
    expect(refused.kind).toBe('credentialsRefused')
    expect(refused.hint).toContain('PRIVATE_CONNECT_API_KEY')
  })

  it.each<[string, RequestListener]>([
    ['a web page', (_req, res) => res.end('<!doctype html>')],
    ['an error page', (_req, res) => res.writeHead(502).end('<h1>Bad gateway</h1>')],
    ['other JSON', json(200, { hello: 'world' })],
    ['an error of other shape', json(500, { oops: true })],
    ['a redirect', (_req, res) => res.writeHead(302, { location: 'https://evil.example/' }).end()],
    ['more than any answer', (_req, res) => res.end(`"${'x'.repeat(5 * 1024 * 1024)}"`)],
  ])('takes %s for something that is no hub', async (_what, listener) => {
    answer = listener
    const refused = await failureOf(call())
    expect(refused.kind).toBe('hubUnreachable')
    expect(refused.message).toContain('not a Private Connect hub')
    expect(seen).toHaveLength(1)
  })

  it('says how to start a hub where none listens, and never shows the key', async () => {
    answer = (req) => req.socket.destroy()
    const cut = await failureOf(call())
    expect(cut.kind).toBe('hubUnreachable')
    server.close()
    const refused = await failureOf(
      callHub({ ...connection, hubUrl: 'http://127.0.0.1:1' }, { method: 'GET', path: '/', output }),
    )
    expect(refused.message).toContain('ECONNREFUSED')
    expect(refused.hint).toContain('npm start')
    expect(JSON.stringify([cut, refused, cut.message, refused.message])).not.toContain(apiKey)
  })
})
