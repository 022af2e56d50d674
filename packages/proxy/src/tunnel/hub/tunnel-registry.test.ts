// Guarantee (TUN-04, SPEC §10): the newest tunnel of an agent gets all new streams and the one before finishes its own; two
// programs that share a token change places at most every ten seconds; each coming and going is told once; the more
// agents there are, the wider they spread when they come back.
import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Goaway } from '../mux/goaway.ts'
import { createTunnelRegistry, type TunnelRegistry } from './tunnel-registry.ts'
import type { TunnelSession } from './tunnel-session.ts'

interface NotedSession extends TunnelSession {
  isOpen: boolean
  /** What it was told, in order. */
  readonly told: string[]
  spreadMs: number
  /** Its connection is gone. */
  end(): Promise<void>
}

let nowMs: number
let registry: TunnelRegistry
let changes: string[]

beforeEach(() => {
  nowMs = 1_000_000
  changes = []
  registry = createTunnelRegistry({ clock: { ...systemClock, monotonicMs: () => nowMs } })
  registry.onChange((agentId, isOnline) => void changes.push(`${agentId} ${isOnline ? 'on' : 'off'}`))
})

function sessionOf(agentId: string, instanceId = 'program'): NotedSession {
  const closed = Promise.withResolvers<string>()
  const told: string[] = []
  const tell = (word: string, { reason, retryAfterMs }: Goaway) =>
    void told.push([word, reason, ...(retryAfterMs === undefined ? [] : [retryAfterMs])].join(' '))
  const session: NotedSession = {
    agentId,
    instanceId,
    transport: 'raw',
    connectedAtMs: nowMs,
    hello: null,
    streamCount: 0,
    isOpen: true,
    told,
    spreadMs: 0,
    openStream: () => {
      throw new Error('not asked for here')
    },
    goaway: (goaway) => tell('goaway', goaway),
    closeWith: (goaway) => {
      tell('close', goaway)
      session.isOpen = false
      closed.resolve(goaway.reason)
    },
    setReconnectSpread: (spreadMs) => void (session.spreadMs = spreadMs),
    destroy: (reason) => closed.resolve(reason),
    closed: closed.promise,
    async end() {
      session.isOpen = false
      closed.resolve('gone')
      await closed.promise
      await Promise.resolve()
    },
  }
  return session
}

describe('an agent', () => {
  it('comes and goes once, whatever its tunnels do', async () => {
    const [first, second] = [sessionOf('a'), sessionOf('a')]
    expect([registry.get('a'), registry.isOnline('a'), registry.onlineCount]).toEqual([null, false, 0])
    registry.add(first)
    registry.add(second)
    await first.end()
    expect([registry.get('a'), registry.onlineCount, changes]).toEqual([second, 1, ['a on']])
    await second.end()
    expect([registry.get('a'), registry.onlineCount, changes]).toEqual([null, 0, ['a on', 'a off']])
  })

  it('gets no new stream by a tunnel that takes none', () => {
    const session = sessionOf('a')
    registry.add(session)
    session.isOpen = false
    expect([registry.get('a'), registry.isOnline('a')]).toEqual([null, false])
  })

  it('is told to others until they stop listening', () => {
    const heard: string[] = []
    const stop = registry.onChange((agentId) => void heard.push(agentId))
    registry.add(sessionOf('a'))
    stop()
    registry.add(sessionOf('b'))
    expect([heard, changes]).toEqual([['a'], ['a on', 'b on']])
  })
})

describe('a newer tunnel', () => {
  it('of the same program takes over at once, as often as it likes', () => {
    const sessions = Array.from({ length: 5 }, () => sessionOf('a'))
    expect(sessions.map((session) => registry.add(session))).toEqual(sessions.map(() => true))
    expect(sessions.map(({ told }) => told)).toEqual([
      ...sessions.slice(1).map(() => ['goaway replaced']),
      [],
    ])
    expect(registry.get('a')).toBe(sessions.at(-1))
  })

  it('of another program takes over, and keeps the place for ten seconds', () => {
    const [first, second, third] = [sessionOf('a', 'one'), sessionOf('a', 'two'), sessionOf('a', 'one')]
    expect([registry.add(first), registry.add(second)]).toEqual([true, true])
    nowMs += 9_999.5
    expect([registry.add(third), registry.get('a')]).toEqual([false, second])
    expect([first.told, second.told, third.told]).toEqual([
      ['goaway replaced'],
      [],
      ['close connected_elsewhere 1'],
    ])
    nowMs += 0.5
    const fourth = sessionOf('a', 'one')
    expect([registry.add(fourth), registry.get('a')]).toEqual([true, fourth])
  })

  it('of the same program does not begin the ten seconds anew', () => {
    registry.add(sessionOf('a', 'one'))
    registry.add(sessionOf('a', 'two'))
    nowMs += 9_000
    registry.add(sessionOf('a', 'two'))
    nowMs += 1_000
    expect(registry.add(sessionOf('a', 'one'))).toBe(true)
  })

  it('of another agent has nothing to do with it', () => {
    const [one, other] = [sessionOf('a', 'one'), sessionOf('b', 'two')]
    expect([registry.add(one), registry.add(other)]).toEqual([true, true])
    expect([one.told, registry.get('a'), registry.get('b')]).toEqual([[], one, other])
  })
})

describe('all tunnels', () => {
  it('of a revoked agent are cut, old ones too, and no others', () => {
    const [old, current, other] = [sessionOf('a'), sessionOf('a'), sessionOf('b')]
    for (const session of [old, current, other]) registry.add(session)
    registry.revoke('a')
    expect([old.told, current.told, other.told]).toEqual([
      ['goaway replaced', 'close revoked'],
      ['close revoked'],
      [],
    ])
    expect(registry.isOnline('b')).toBe(true)
  })

  it('are asked to leave when the hub drains, and cut when it closes', () => {
    const sessions = [sessionOf('a'), sessionOf('b')]
    for (const session of sessions) registry.add(session)
    registry.drain()
    registry.close()
    expect(sessions.map(({ told }) => told)).toEqual(
      sessions.map(() => ['goaway draining', 'close draining']),
    )
  })

  it('hear how wide to spread, the early ones too, up to 30 s', () => {
    const sessions = Array.from({ length: 2000 }, (_, at) => sessionOf(`agent_${at}`))
    for (const [at, session] of sessions.entries()) {
      registry.add(session)
      const count = at + 1
      // At most 100 agents a second, wherever it stands.
      const enoughMs = Math.min(30_000, count * 10)
      expect(session.spreadMs).toBeGreaterThanOrEqual(enoughMs)
      expect(sessions[0]?.spreadMs).toBe(session.spreadMs)
    }
    expect(sessions[0]?.spreadMs).toBe(30_000)
  })
})
