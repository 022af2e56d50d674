import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aState } from '../../../test/kit/desktop-state.ts'
import type { DesktopPorts } from './desktop.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createStateStore, type StateStore } from './state-store.ts'

/** One sign-in at a time, however often a person asks for it; one that was left or whose hub was left changes nothing any more. */
const hubUrl = 'https://hub.example.com'
let codes: number
let polled: PromiseWithResolvers<Response>
let answerCode: () => Promise<void>
let opened: string[]
let signedIn: string[]
let store: StateStore
let signIn: SignIn

beforeEach(() => {
  codes = 0
  polled = Promise.withResolvers<Response>()
  answerCode = async () => undefined
  opened = []
  signedIn = []
  store = createStateStore(aState({ account: { kind: 'signed-out' }, settings: { hubUrl } }))
  const fetch = (async (url: string) => {
    if (url.includes('devices.token')) return polled.promise
    codes += 1
    const code = {
      deviceCode: `device_tok_${'a'.repeat(26)}`,
      userCode: 'BCDF-GHJK',
      verificationUri: `${hubUrl}/device`,
      verificationUriComplete: `${hubUrl}/device#${codes}`,
      expiresIn: 600,
      interval: 1,
    }
    await answerCode()
    return Response.json({ result: { data: { json: code } } })
  }) as typeof globalThis.fetch
  const ports = {
    fetch,
    hostName: 'test-host',
    nowMs: () => 0,
    openExternal: async (url: string) => void opened.push(url),
  } as unknown as DesktopPorts
  signIn = createSignIn({ ports, store, onSignedIn: ({ value }) => void signedIn.push(value) })
})

afterEach(() => signIn.cancel())

const letIn = () => {
  const token = {
    token: 'sess_x',
    user: { id: 'user_1', email: 'ada@example.com', name: null },
    workspace: { id: 'ws_1', name: 'lab' },
  }
  polled.resolve(Response.json({ result: { data: { json: token } } }))
}

describe('a sign-in', () => {
  it('is begun once by two clicks, and shown again by a third', async () => {
    await Promise.all([signIn.start(), signIn.start()])
    expect(opened).toEqual([`${hubUrl}/device#1`])
    await signIn.start()
    expect(codes).toBe(1)
    expect(opened).toEqual([`${hubUrl}/device#1`, `${hubUrl}/device#1`])
    letIn()
    await vi.waitFor(() => expect(signedIn).toEqual(['sess_x']), 5000)
  })

  it('that was cancelled lets nobody in', async () => {
    await signIn.start()
    await vi.waitFor(() => expect(store.get().account.kind).toBe('signing-in'), { timeout: 10_000 })
    signIn.cancel()
    expect(store.get().account).toEqual({ kind: 'signed-out' })
    letIn()
    await signIn.start()
    await vi.waitFor(() => expect(signedIn).toEqual(['sess_x']), 5000)
    expect(codes).toBe(2)
  })

  it('opens no page of a hub that was left while it was asked', async () => {
    const held = Promise.withResolvers<void>()
    answerCode = () => held.promise
    const starting = signIn.start()
    store.update({ settings: { ...store.get().settings, hubUrl: 'https://other.example.com' } })
    held.resolve()
    await starting
    expect(opened).toEqual([])
    expect(store.get().account).toEqual({ kind: 'signed-out' })
  })
})
