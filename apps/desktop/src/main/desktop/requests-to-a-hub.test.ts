import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHubApi } from './hub-api.ts'

/*
 * Guarantee: a call of the hub carries the credential and no cookie, follows no redirect, waits for no longer than a quarter of a minute,
 * and reads no more than a hub answers; whoever answers in its place is left at once.
 */
const hubUrl = 'https://hub.example.com'
const mebibyte = 1024 * 1024
let sent: RequestInit | undefined
let answer: (init: RequestInit) => Promise<Response>

const fetch = (async (_url: string, init: RequestInit) => {
  sent = init
  return answer(init)
}) as typeof globalThis.fetch
const call = async () =>
  createHubApi({ hubUrl, fetch, authorization: { 'x-api-key': 'pc_live_x' } }).call(async ({ auth }) =>
    auth.me.query({}),
  )

beforeEach(() => {
  sent = undefined
})

afterEach(() => vi.restoreAllMocks())

/** A body without an end, and how much of it was taken. */
function endless() {
  let bytes = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      bytes += mebibyte
      controller.enqueue(new Uint8Array(mebibyte).fill(32))
      if (bytes > 64 * mebibyte) controller.close()
    },
  })
  return { body, takenMebibytes: () => bytes / mebibyte }
}

describe('a call of the hub', () => {
  it('carries the credential, no cookie, and goes nowhere else', async () => {
    answer = async () => Response.json({ result: { data: { json: { user: null } } } })
    expect(await call()).toEqual({ user: null })
    expect(sent).toMatchObject({ credentials: 'omit', cache: 'no-store', redirect: 'error' })
    expect(new Headers(sent?.headers).get('x-api-key')).toBe('pc_live_x')
  })

  it('waits for no longer than a quarter of a minute', async () => {
    const deadline = new AbortController()
    const limit = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal)
    answer = async ({ signal }) =>
      new Promise((_done, fail) => signal?.addEventListener('abort', () => fail(new Error('aborted'))))
    const calling = call()
    calling.catch(() => undefined)
    await vi.waitFor(() => expect(sent).toBeDefined(), { timeout: 10_000 })
    deadline.abort()
    await expect(calling).rejects.toThrow('cannot be reached')
    expect(limit.mock.calls).toEqual([[15_000]])
  })

  it.each([
    ['application/json', 18],
    ['text/html', 1],
  ])('reads no %s without an end', async (type, takenMax) => {
    const { body, takenMebibytes } = endless()
    answer = async () => new Response(body, { headers: { 'content-type': type } })
    await expect(call()).rejects.toMatchObject({ kind: 'hubUnreachable' })
    expect(takenMebibytes()).toBeLessThanOrEqual(takenMax)
    // Electron ends a request by its signal only.
    expect(sent?.signal?.aborted).toBe(true)
  })

  it.each([
    [200, 'is not a Private Connect hub'],
    [404, 'is not a Private Connect hub'],
    [502, 'cannot be reached'],
    [503, 'cannot be reached'],
    [504, 'cannot be reached'],
  ])('tells of a %i page that it %s', async (status, words) => {
    answer = async () => new Response('<!doctype html>', { status, headers: { 'content-type': 'text/html' } })
    await expect(call()).rejects.toThrow(words)
  })
})
