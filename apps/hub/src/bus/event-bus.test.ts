import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { EventBus } from './event-bus.ts'
import { createLocalBus } from './local-bus.ts'
import { createRedisBus } from './redis-bus.ts'

const log = { warn: vi.fn(), error: vi.fn() }
let redisPort = 0
let redis: ChildProcess

async function startRedis(): Promise<void> {
  const options = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1']
  redis = spawn('/usr/bin/redis-server', ['--port', String(redisPort), ...options], { stdio: 'pipe' })
  let said = ''
  for await (const piece of redis.stdout ?? []) {
    said += String(piece)
    if (said.includes('Ready to accept connections')) return
  }
  throw new Error(`Debian's redis-server did not start: ${said}`)
}

async function stopRedis(): Promise<void> {
  const ended = once(redis, 'exit')
  redis.kill('SIGKILL')
  await ended
}

beforeAll(async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  redisPort = (server.address() as AddressInfo).port
  server.close()
  await startRedis()
})
afterAll(async () => stopRedis())

const openBuses: EventBus[] = []
afterEach(async () => {
  await Promise.all(openBuses.splice(0).map(async (bus) => bus.close()))
})
const kinds: Record<string, () => EventBus> = {
  'in one process': () => createLocalBus(log),
  'over Redis': () => createRedisBus(`redis://127.0.0.1:${redisPort}`, log),
}
function open(create: () => EventBus): EventBus {
  const bus = create()
  openBuses.push(bus)
  return bus
}

// Guarantee: on its own node a message is heard before `publish` returns, whatever else is away.
describe.each(Object.entries(kinds))('the bus %s', (_kind, create) => {
  it('tells all listeners of a topic, in order and once, until they stop', () => {
    const bus = open(create)
    const heard: string[] = []
    const stop = bus.subscribe('events.appended', (message) => heard.push(`a ${message}`))
    bus.subscribe('events.appended', (message) => heard.push(`b ${message}`))
    bus.publish('events.appended', 'ws_1')
    stop()
    bus.publish('events.appended', 'ws_2')
    expect(heard).toEqual(['a ws_1', 'b ws_1', 'b ws_2'])
  })

  it('goes on when a listener throws', () => {
    const bus = open(create)
    const heard: string[] = []
    bus.subscribe('events.appended', () => {
      throw new Error('a bug')
    })
    bus.subscribe('events.appended', (message) => heard.push(message))
    bus.publish('events.appended', 'ws_1')
    expect(heard).toEqual(['ws_1'])
    expect(log.error).toHaveBeenCalled()
  })

  it('tells nobody once it is closed', async () => {
    const bus = open(create)
    const heard: string[] = []
    bus.subscribe('events.appended', (message) => heard.push(message))
    await bus.close()
    bus.publish('events.appended', 'ws_1')
    expect(heard).toEqual([])
  })
})

describe('two nodes on one Redis', () => {
  const redisBus = kinds['over Redis'] ?? (() => createLocalBus(log))

  /** Says it until the other node has heard: a message may be lost, which is what stores are polled for. */
  async function tellUntilHeard(from: EventBus, heard: readonly string[], message: string): Promise<void> {
    await vi.waitFor(
      () => {
        from.publish('events.appended', message)
        expect(heard).toContain(message)
      },
      { timeout: 10_000, interval: 50 },
    )
  }

  it('hear each other, and go on after Redis was away', async () => {
    const [one, other] = [open(redisBus), open(redisBus)]
    const heard: string[] = []
    other.subscribe('events.appended', (message) => heard.push(message))
    await tellUntilHeard(one, heard, 'ws_before')
    await stopRedis()
    const own: string[] = []
    one.subscribe('events.appended', (message) => own.push(message))
    one.publish('events.appended', 'ws_away')
    expect(own).toEqual(['ws_away'])
    await startRedis()
    await tellUntilHeard(one, heard, 'ws_after')
    expect(heard).not.toContain('ws_away')
  })

  it('keep few messages for a Redis that does not answer, and go on when it does', async () => {
    const [one, other] = [open(redisBus), open(redisBus)]
    const heard: string[] = []
    other.subscribe('events.appended', (message) => heard.push(message))
    await tellUntilHeard(one, heard, 'ws_before')
    redis.kill('SIGSTOP')
    for (let count = 0; count < 5_000; count += 1) one.publish('events.appended', 'ws_frozen')
    redis.kill('SIGCONT')
    await tellUntilHeard(one, heard, 'ws_after')
    expect(heard.filter((message) => message === 'ws_frozen').length).toBeLessThanOrEqual(1_000)
  })

  it('hear their own messages once', async () => {
    const [one, other] = [open(redisBus), open(redisBus)]
    const [own, heard]: [string[], string[]] = [[], []]
    one.subscribe('events.appended', (message) => own.push(message))
    other.subscribe('events.appended', (message) => heard.push(message))
    await tellUntilHeard(one, heard, 'ws_ready')
    own.length = 0
    one.publish('events.appended', 'ws_1')
    await vi.waitFor(() => expect(heard).toContain('ws_1'), { timeout: 5_000 })
    expect(own).toEqual(['ws_1'])
  })
})
