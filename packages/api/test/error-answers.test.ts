// Guarantee: every row of the error table is answered alike over REST and tRPC: its status, code, title and
// sentence, the request id, and nothing of its cause (SPEC §3, GUIDE Errors).
import { AppError, errorTable, type ErrorCode } from '@private-connect/errors'
import { TRPCError } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { describe, expect, it } from 'vitest'
import type { Db } from '@private-connect/db'
import { appRouter, toApiError, type ApiContext } from '../src/index.ts'
import { findOperation, vault } from './kit/test-api.ts'

const codes = Object.keys(errorTable) as ErrorCode[]
const secret = 'connect ECONNREFUSED 10.0.0.5:5432'

function contextThatFailsWith(thrown: unknown): ApiContext {
  return {
    // These operations fail before they reach a database.
    db: undefined as unknown as Db,
    requestId: 'req-1',
    ipAddress: '203.0.113.9',
    userAgent: null,
    authenticate: async () => {
      throw thrown
    },
    cookieHeader: '',
    refuseCrossSite: () => {},
    answerHeaders: new Headers(),
    ports: {
      linkUrl: 'http://localhost',
      hubUrl: 'http://localhost',
      shareDomain: null,
      shareChanged: () => {},
      shareRefreshed: () => {},
      workspaceChanged: () => {},
      serviceChanged: () => {},
      agentChanged: () => {},
      credentialsChanged: () => {},
      eventsAppended: () => {},
      isAgentOnline: () => false,
      signIn: {
        checkRate: () => {},
        mayMail: () => true,
        mayRegister: () => true,
        sendMail: () => {},
        runLater: () => {},
      },
      live: {
        admit: ({ signal }) => ({ signal, ending: null, release: () => {} }),
        follow: async () => {
          throw new Error('nothing is followed here')
        },
      },
      machines: {
        vault,
        mayDial: async () => true,
        checkService: async () => Promise.reject(new Error('not asked')),
        inspectLogin: async () => ({ privilege: null, problem: null }),
        countAttempt: () => {},
      },
      webhooks: { mayCall: async () => true, deliveriesDue: () => {} },
      askAsOwner: async () => Promise.reject(new Error('not asked')),
      nowMs: () => 0,
    },
  }
}

async function askRest(thrown: unknown) {
  const request = { params: {}, query: {}, body: undefined }
  return findOperation('workspace.get').invoke(contextThatFailsWith(thrown), request)
}

async function askTrpc(thrown: unknown, path = 'workspace.get', init: RequestInit = {}) {
  const response = await fetchRequestHandler({
    endpoint: '/trpc',
    router: appRouter,
    req: new Request(`http://localhost/trpc/${path}`, init),
    createContext: () => contextThatFailsWith(thrown),
    responseMeta: ({ ctx }) => ({ headers: ctx?.answerHeaders ?? new Headers() }),
  })
  const text = await response.text()
  const body = JSON.parse(text) as { error: { json: { message: string; data: Record<string, unknown> } } }
  const cacheControl = response.headers.get('cache-control')
  return {
    cacheControl,
    status: response.status,
    text,
    message: body.error.json.message,
    data: body.error.json.data,
  }
}

describe.each(codes)('%s', (code) => {
  const thrown = () =>
    new AppError(code, undefined, { message: secret, cause: new Error(secret), retryAfterSeconds: 7 })
  const { status, title, message } = errorTable[code]
  const body = {
    error: title,
    message,
    statusCode: status,
    code,
    requestId: 'req-1',
    ...(status === 429 ? { retryAfter: 7 } : {}),
  }

  it('over REST', async () => {
    const answer = await askRest(thrown())
    expect(answer.status).toBe(status)
    expect(answer.body).toEqual(body)
    expect(answer.headers).toEqual({ 'cache-control': 'no-store', 'retry-after': '7' })
    expect(answer.error?.message).toBe(secret)
  })

  it('over tRPC', async () => {
    const answer = await askTrpc(thrown())
    expect(answer.status).toBe(status)
    expect(answer.message).toBe(message)
    expect(answer.data).toEqual({ ...body, httpStatus: status, path: 'workspace.get' })
    expect(answer.text).not.toContain('10.0.0.5')
    expect(answer.text).not.toContain('stack')
    expect(answer.cacheControl).toBe('no-store')
  })
})

describe('what is no AppError', () => {
  it.each([
    new TypeError(secret),
    secret,
    undefined,
    { secret },
    new TRPCError({ code: 'CONFLICT', message: secret }),
  ])('is a 500 without its text: %s', async (thrown) => {
    const rest = await askRest(thrown)
    const trpc = await askTrpc(thrown)
    for (const [status, text] of [
      [rest.status, JSON.stringify(rest.body)],
      [trpc.status, trpc.text],
    ] as const) {
      expect(status).toBe(500)
      expect(text).toContain('"internal"')
      expect(text).not.toContain('10.0.0.5')
    }
    expect(rest.error?.code).toBe('internal')
  })
})

describe('what tRPC raises by itself keeps its status', () => {
  it('404 for an unknown procedure', async () => {
    const answer = await askTrpc(null, 'shares.nothing')
    expect([answer.status, answer.data['code']]).toEqual([404, 'route.not_found'])
  })

  // Guarantee (AUTH-13): a mutation never runs by GET or from a form.
  it('405 for a mutation by GET', async () => {
    const answer = await askTrpc(null, 'shares.revoke?input={"json":{"id":"share_1"}}')
    expect([answer.status, answer.data['code']]).toEqual([405, 'route.method_not_allowed'])
  })

  it('415 for a form', async () => {
    const form = { method: 'POST', body: 'id=share_1', headers: { 'content-type': 'text/plain' } }
    const answer = await askTrpc(null, 'shares.revoke', form)
    expect([answer.status, answer.data['code']]).toEqual([415, 'request.media_type'])
  })

  it('400 for what is not JSON', async () => {
    const broken = { method: 'POST', body: '{"json":', headers: { 'content-type': 'application/json' } }
    const answer = await askTrpc(new AppError('auth.required'), 'auth.verify', broken)
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('stack')
  })
})

describe('toApiError', () => {
  it('keeps what it can and hides the rest', () => {
    const known = new AppError('share.not_found')
    expect(toApiError(known)).toBe(known)
    expect(toApiError(new TRPCError({ code: 'CONFLICT', cause: known }))).toBe(known)
    expect(toApiError(new TRPCError({ code: 'PARSE_ERROR' })).code).toBe('request.malformed_json')
    expect(toApiError(new TRPCError({ code: 'PAYLOAD_TOO_LARGE' })).code).toBe('request.too_large')
    expect(toApiError(new TRPCError({ code: 'INTERNAL_SERVER_ERROR' })).code).toBe('internal')
  })
})
