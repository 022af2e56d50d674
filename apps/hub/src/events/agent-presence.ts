import type { AgentNews, EventRow } from '@private-connect/db'
import type { TunnelRegistry } from '@private-connect/proxy/tunnel'
import type { Logger } from '../logging.ts'

export interface AgentPresenceOptions {
  readonly registry: Pick<TunnelRegistry, 'isOnline' | 'onChange'>
  /** Tells it, unless that was the last thing told. */
  readonly tell: (news: AgentNews) => Promise<Pick<EventRow, 'workspaceId'> | null>
  /** Agents of which the events say that they are there. */
  readonly listToldOnline: () => Promise<readonly string[]>
  readonly eventsAppended: (workspaceId: string) => void
  readonly log: Pick<Logger, 'warn'>
  readonly nowMs: () => number
  /** Who is back within this time was never gone. */
  readonly flapMs?: number
  /** After a start: agents come back over half a minute. */
  readonly startMs?: number
}

export interface AgentPresence {
  close(): Promise<void>
}

const retryMs = 2_000

/** Tells when agents come and go, not when their connections do. What was told last is kept in the store. */
export function startAgentPresence(options: AgentPresenceOptions): AgentPresence {
  const { registry, tell, listToldOnline, eventsAppended, log, nowMs } = options
  const { flapMs = 10_000, startMs = 45_000 } = options
  const timers = new Map<string, NodeJS.Timeout>()
  const telling = new Set<Promise<void>>()
  let isClosed = false

  function after(key: string, ms: number, run: () => Promise<void>): void {
    cancel(key)
    const start = () => {
      timers.delete(key)
      const running = run().catch((err: unknown) => {
        log.warn({ err }, 'the coming or going of an agent could not be told, will retry')
        if (!isClosed && !timers.has(key)) after(key, retryMs, run)
      })
      telling.add(running)
      void running.finally(() => telling.delete(running))
    }
    timers.set(key, setTimeout(start, ms).unref())
  }

  function cancel(key: string): void {
    clearTimeout(timers.get(key))
    timers.delete(key)
  }

  async function tellChange(agentId: string, isOnline: boolean, atMs: number): Promise<void> {
    // It has changed its mind: that change tells.
    if (registry.isOnline(agentId) !== isOnline) return
    const event = await tell({ agentId, isOnline, at: new Date(atMs) })
    if (event !== null) eventsAppended(event.workspaceId)
  }

  /** Who was there when this hub's predecessor ended, and has not come back. */
  async function reconcile(startedMs: number): Promise<void> {
    for (const agentId of await listToldOnline()) {
      if (!isClosed && !registry.isOnline(agentId)) await tellChange(agentId, false, startedMs)
    }
  }

  const stopListening = registry.onChange((agentId, isOnline) => {
    const atMs = nowMs()
    after(agentId, isOnline ? 0 : flapMs, async () => tellChange(agentId, isOnline, atMs))
  })
  const startedMs = nowMs()
  after('', startMs, async () => reconcile(startedMs))

  return {
    async close() {
      isClosed = true
      stopListening()
      for (const key of [...timers.keys()]) cancel(key)
      await Promise.all(telling)
    },
  }
}
