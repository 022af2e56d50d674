import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aState } from '../../../test/kit/desktop-state.ts'
import { followPower, type PowerOptions } from './power.ts'

const everyMs = 3000
const power = new EventEmitter()
const calls: string[] = []
let state = aState()
let isOnline = true
let addresses = 'wifi'
let stop: () => void

function start(options: Partial<PowerOptions> = {}): void {
  stop = followPower({
    power,
    desktop: {
      state: { get: () => state, subscribe: () => () => undefined },
      suspend: () => calls.push('suspend'),
      resume: () => calls.push('resume'),
    },
    isOnline: () => isOnline,
    addresses: () => addresses,
    isLocalHub: (hubUrl) => hubUrl.includes('127.0.0.1'),
    everyMs,
    ...options,
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  calls.length = 0
  isOnline = true
  addresses = 'wifi'
  state = aState({ settings: { hubUrl: 'https://hub.example.com' } })
})

afterEach(() => {
  stop()
  vi.useRealTimers()
})

describe('followPower', () => {
  it('stops for sleep, and is back at once', () => {
    start()
    power.emit('suspend')
    power.emit('resume')
    expect(calls).toEqual(['suspend', 'resume'])
  })

  it('stops while there is no network', () => {
    start()
    isOnline = false
    vi.advanceTimersByTime(2 * everyMs)
    expect(calls).toEqual(['suspend'])
    isOnline = true
    vi.advanceTimersByTime(2 * everyMs)
    expect(calls).toEqual(['suspend', 'resume'])
  })

  it('starts without one, and waits', () => {
    isOnline = false
    start()
    expect(calls).toEqual(['suspend'])
    isOnline = true
    vi.advanceTimersByTime(everyMs)
    expect(calls).toEqual(['suspend', 'resume'])
  })

  it('wakes up without a network: resumes when that comes', () => {
    start()
    power.emit('suspend')
    isOnline = false
    power.emit('resume')
    vi.advanceTimersByTime(2 * everyMs)
    expect(calls).toEqual(['suspend'])
    isOnline = true
    vi.advanceTimersByTime(everyMs)
    expect(calls).toEqual(['suspend', 'resume'])
  })

  it('tries at once on another network, where it has no connection yet', () => {
    start()
    addresses = 'wifi, docker'
    vi.advanceTimersByTime(everyMs)
    expect(calls).toEqual([])
    state = { ...state, connection: 'connecting' }
    addresses = 'cable'
    vi.advanceTimersByTime(2 * everyMs)
    expect(calls).toEqual(['resume'])
  })

  it('needs no network for a hub on this machine', () => {
    isOnline = false
    state = aState({ settings: { hubUrl: 'http://127.0.0.1:7300' } })
    start()
    vi.advanceTimersByTime(2 * everyMs)
    expect(calls).toEqual([])
  })

  it('looks at nothing while asleep, and no more once stopped', () => {
    start()
    power.emit('suspend')
    isOnline = false
    vi.advanceTimersByTime(2 * everyMs)
    expect(calls).toEqual(['suspend'])
    stop()
    power.emit('resume')
    expect(calls).toEqual(['suspend'])
    expect(vi.getTimerCount()).toBe(0)
  })
})
