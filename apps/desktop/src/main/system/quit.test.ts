import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aShare, aState } from '../../../test/kit/desktop-state.ts'
import { handleQuit } from './quit.ts'

const app = Object.assign(new EventEmitter(), { exit: vi.fn() })
const power = new EventEmitter()
const signals = new EventEmitter()
const event = { preventDefault: vi.fn() }
const ask = vi.fn<() => Promise<boolean>>()
const close = vi.fn<() => Promise<void>>()
const leave = vi.fn()

beforeEach(() => {
  vi.useFakeTimers()
  for (const emitter of [app, power, signals]) emitter.removeAllListeners()
  for (const mock of [app.exit, event.preventDefault, ask, close, leave]) mock.mockReset()
  ask.mockResolvedValue(true)
  close.mockResolvedValue()
  const state = { get: () => aState({ shares: [aShare()] }), subscribe: () => () => undefined }
  handleQuit({ app, power, signals, desktop: { state, close }, ask, leave })
})

afterEach(() => void vi.useRealTimers())

/** CASES ELE-17. */
describe('handleQuit', () => {
  it('asks the person, tells the hub, and ends', async () => {
    app.emit('before-quit', event)
    await vi.advanceTimersByTimeAsync(0)
    expect(event.preventDefault).toHaveBeenCalledOnce()
    expect(ask).toHaveBeenCalledWith([aShare()])
    expect(leave.mock.invocationCallOrder[0]).toBeLessThan(close.mock.invocationCallOrder[0] ?? 0)
    expect(app.exit).toHaveBeenCalledWith(0)
  })

  it('stays where the person stays, and asks again the next time, but never twice at once', async () => {
    let answer: (isSure: boolean) => void = () => undefined
    ask.mockImplementation(() => new Promise((done) => (answer = done)))
    app.emit('before-quit', event)
    app.emit('before-quit', event)
    expect(ask).toHaveBeenCalledOnce()
    answer(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(close).not.toHaveBeenCalled()
    app.emit('before-quit', event)
    expect(ask).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['shutdown', () => power.emit('shutdown', event)],
    ['log-off', () => signals.emit('SIGTERM')],
    ['Ctrl-C', () => signals.emit('SIGINT')],
    ['the end of its terminal', () => signals.emit('SIGHUP')],
  ])('asks nobody at %s, not even with the question open', async (_how, happen) => {
    ask.mockImplementation(() => new Promise(() => undefined))
    app.emit('before-quit', event)
    happen()
    await vi.advanceTimersByTimeAsync(0)
    expect(app.exit).toHaveBeenCalledOnce()
  })

  it('holds the system’s shutdown until the hub is told', async () => {
    power.emit('shutdown', event)
    expect(event.preventDefault).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(0)
    expect(close).toHaveBeenCalledOnce()
  })

  it('ends though the person cannot be asked and the hub cannot be told', async () => {
    ask.mockRejectedValue(new Error('no screen'))
    close.mockRejectedValue(new Error('no hub'))
    app.emit('before-quit', event)
    await vi.advanceTimersByTimeAsync(0)
    expect(app.exit).toHaveBeenCalledWith(0)
  })

  it('waits a second for the hub and no longer', async () => {
    close.mockImplementation(() => new Promise(() => undefined))
    signals.emit('SIGTERM')
    signals.emit('SIGTERM')
    await vi.advanceTimersByTimeAsync(999)
    expect(app.exit).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(app.exit).toHaveBeenCalledOnce()
    expect(close).toHaveBeenCalledOnce()
  })
})
