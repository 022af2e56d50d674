import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { answerIpc, originOf, type IpcGate } from './answer-ipc.ts'

const sender = { url: 'app://private-connect/', isMainFrame: true }
const info = { name: 'Private Connect', version: '1.2.3', electronVersion: '45.0.0' }

function createGate(appInfo: IpcGate['handlers']['app:info'] = () => info) {
  const logError = vi.fn<IpcGate['logError']>()
  return { handlers: { 'app:info': appInfo }, trustedOrigin: 'app://private-connect', logError }
}

/** CASES ELE-04: the main process validates sender and payload of every message and never throws. */
describe('answerIpc', () => {
  it('answers the window', async () => {
    expect(await answerIpc(createGate(), { channel: 'app:info', sender, args: [undefined] })).toEqual({
      ok: true,
      value: info,
    })
    expect(await answerIpc(createGate(), { channel: 'app:info', sender, args: [] })).toEqual({
      ok: true,
      value: info,
    })
  })

  it.each([
    ['another site', { url: 'https://example.com/', isMainFrame: true }],
    ['a look-alike host', { url: 'app://private-connect.example.com/', isMainFrame: true }],
    ['a file', { url: 'file:///app/index.html', isMainFrame: true }],
    ['a frame inside the window', { url: sender.url, isMainFrame: false }],
    ['a frame that is gone', { url: '', isMainFrame: false }],
  ])('refuses %s before looking at what it sent', async (_who, stranger) => {
    const handler = vi.fn(() => info)
    const reply = await answerIpc(createGate(handler), { channel: 'app:info', sender: stranger, args: [] })
    expect(reply).toEqual({ ok: false, message: 'This page may not talk to the app.' })
    expect(handler).not.toHaveBeenCalled()
  })

  it('refuses every payload that the contract does not name, without throwing', async () => {
    const handler = vi.fn(() => info)
    const args = fc.array(
      fc.anything({ withBigInt: true, withMap: true, withDate: true, withNullPrototype: true }),
    )
    await fc.assert(
      fc.asyncProperty(args, async (sent) => {
        const reply = await answerIpc(createGate(handler), { channel: 'app:info', sender, args: sent })
        expect(reply.ok).toBe(sent.length === 0 || (sent.length === 1 && sent[0] === undefined))
      }),
      { numRuns: 2000 },
    )
  })

  it('logs a failure and shows none of it', async () => {
    const gate = createGate(() => Promise.reject(new Error('EACCES /home/ada/secret')))
    const reply = await answerIpc(gate, { channel: 'app:info', sender, args: [] })
    expect(reply).toEqual({ ok: false, message: 'Something went wrong in the app.' })
    expect(gate.logError).toHaveBeenCalledOnce()
  })

  it('does not pass on an answer that breaks the contract', async () => {
    const gate = createGate(() => ({ ...info, apiKey: 'pc_live_x' }))
    expect((await answerIpc(gate, { channel: 'app:info', sender, args: [] })).ok).toBe(false)
  })
})

describe('originOf', () => {
  it('keeps scheme and host, for schemes that Node does not know too', () => {
    expect(originOf('app://private-connect/x?y')).toBe('app://private-connect')
    expect(originOf('http://localhost:5173/')).toBe('http://localhost:5173')
    expect(originOf('not a url')).toBeNull()
  })
})
