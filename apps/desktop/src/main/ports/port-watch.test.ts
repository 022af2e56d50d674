import { afterEach, describe, expect, it, vi } from 'vitest'
import type { PortAnswer } from './guess-by-answer.ts'
import type { Listener } from './listener.ts'
import { PortWatch, type PortWatchOptions } from './port-watch.ts'

const everyMs = 2000
const listener = (port: number, processName = 'node', pid = port): Listener => ({
  port,
  hosts: ['127.0.0.1'],
  pid,
  processName,
  commandLine: `${processName} app.js`,
})
const express: PortAnswer = { host: '127.0.0.1', text: 'HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\n\r\n' }

function watch(listeners: { now: readonly Listener[] }, options: Partial<PortWatchOptions> = {}) {
  const read = vi.fn(() => Promise.resolve(listeners.now))
  const probe = vi.fn<PortWatchOptions['probe']>(() => Promise.resolve(express))
  const logError = vi.fn()
  const ports = new PortWatch({
    source: { read, fingerprint: () => Promise.resolve(JSON.stringify(listeners.now)) },
    probe,
    isOwnProcess: (pid) => pid === 99,
    everyMs,
    logError,
    ...options,
  })
  ports.setActive(true)
  return { ports, read, probe, logError }
}

vi.useFakeTimers()
afterEach(() => vi.clearAllTimers())

describe('PortWatch', () => {
  it('tells of new ports, and then of what they are', async () => {
    const listeners = { now: [listener(3000)] }
    const { ports, probe } = watch(listeners)
    const seen: (string | null)[] = []
    ports.onChange(() => seen.push(ports.current()[0]?.framework ?? null))
    await vi.advanceTimersByTimeAsync(0)
    expect(seen).toEqual([null, 'Express'])
    expect(probe).toHaveBeenCalledOnce()
    listeners.now = [listener(3000), listener(4000)]
    await vi.advanceTimersByTimeAsync(everyMs)
    expect(ports.current().map(({ port }) => port)).toEqual([3000, 4000])
    expect(probe).toHaveBeenCalledTimes(2)
  })

  it('reads the whole list only where its fingerprint has changed', async () => {
    const { ports, read } = watch({ now: [listener(5432, 'postgres')] })
    await vi.advanceTimersByTimeAsync(100 * everyMs)
    expect(read).toHaveBeenCalledOnce()
    await ports.list()
    expect(read).toHaveBeenCalledTimes(2)
  })

  it('reads it each time where the system has none', async () => {
    const source = { read: vi.fn(() => Promise.resolve([])) }
    watch({ now: [] }, { source })
    await vi.advanceTimersByTimeAsync(3 * everyMs)
    expect(source.read).toHaveBeenCalledTimes(4)
  })

  it('asks one that takes the connection once, though it says nothing', async () => {
    const probe = vi.fn(() => Promise.resolve({ host: '127.0.0.1', text: '' }))
    watch({ now: [listener(3000)] }, { probe })
    await vi.advanceTimersByTimeAsync(50 * everyMs)
    expect(probe).toHaveBeenCalledOnce()
  })

  it('asks one that says nothing three times and no more', async () => {
    const probe = vi.fn(() => Promise.resolve(null))
    watch({ now: [listener(3000)] }, { probe })
    await vi.advanceTimersByTimeAsync(50 * everyMs)
    expect(probe).toHaveBeenCalledTimes(3)
  })

  it('asks eight at once and no more, however often it looks meanwhile', async () => {
    const probe = vi.fn(() => new Promise<null>(() => undefined))
    const { ports } = watch({ now: Array.from({ length: 20 }, (_, at) => listener(3000 + at)) }, { probe })
    await vi.advanceTimersByTimeAsync(3 * everyMs)
    await ports.list()
    expect(probe).toHaveBeenCalledTimes(8)
  })

  it('asks another process at the same port anew', async () => {
    const listeners = { now: [listener(3000)] }
    const { probe } = watch(listeners)
    await vi.advanceTimersByTimeAsync(0)
    listeners.now = [listener(3000, 'node', 7)]
    await vi.advanceTimersByTimeAsync(everyMs)
    expect(probe).toHaveBeenCalledTimes(2)
  })

  it('leaves out itself and noise', async () => {
    const { ports } = watch({ now: [listener(3000, 'private-connect', 99), listener(631), listener(3001)] })
    expect((await ports.list()).map(({ port }) => port)).toEqual([3001])
  })

  it('does not look twice at once, nor wait for answers', async () => {
    const { ports, read } = watch({ now: [listener(3000)] }, { probe: () => new Promise(() => undefined) })
    const [first, second] = await Promise.all([ports.list(), ports.list()])
    expect(first).toBe(second)
    expect(read).toHaveBeenCalledOnce()
  })

  it('goes on after a failure', async () => {
    let isBroken = true
    const source = {
      read: () => (isBroken ? Promise.reject(new Error('EMFILE')) : Promise.resolve([listener(3000)])),
    }
    const { ports, logError } = watch({ now: [] }, { source })
    await vi.advanceTimersByTimeAsync(0)
    expect(logError).toHaveBeenCalledOnce()
    isBroken = false
    await vi.advanceTimersByTimeAsync(everyMs)
    expect(ports.current()).toHaveLength(1)
  })

  it('looks by itself only while it is active, and when it is asked', async () => {
    const { ports, read } = watch({ now: [listener(3000)] })
    ports.setActive(false)
    await vi.advanceTimersByTimeAsync(10 * everyMs)
    const before = read.mock.calls.length
    await vi.advanceTimersByTimeAsync(10 * everyMs)
    expect(read).toHaveBeenCalledTimes(before)
    expect(await ports.list()).toHaveLength(1)
    ports.setActive(true)
    ports.setActive(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(read).toHaveBeenCalledTimes(before + 1)
    expect(vi.getTimerCount()).toBe(1)
  })

  it('stops when it is closed', async () => {
    const { ports, read } = watch({ now: [] }, { source: { read: () => Promise.resolve([]) } })
    ports.close()
    await vi.advanceTimersByTimeAsync(10 * everyMs)
    expect(read.mock.calls.length).toBeLessThanOrEqual(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})
