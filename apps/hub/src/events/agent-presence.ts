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
  /** By the database's time: another node may have seen the agent since. */
  readonly nowMs: () => number
}

/** Who is back within this time was never gone. */
const flapMs = 10_000
/** After a start: agents come back over half a minute. */
const startMs = 45_000
const retryMs = 2_000
const startKey = ''

/** Tells when agents come and go, not when their connections do. What was told last is kept in the store. */
export class AgentPresence {
  readonly #options: AgentPresenceOptions
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #telling = new Set<Promise<void>>()
  readonly #stopListening: () => void
  #isClosed = false

  constructor(options: AgentPresenceOptions) {
    this.#options = options
    const { registry, nowMs } = options
    this.#stopListening = registry.onChange((agentId, isOnline) => {
      const at = new Date(nowMs())
      this.#after(agentId, isOnline ? 0 : flapMs, async () => this.#tell({ agentId, isOnline, at }))
    })
    // Counted back, since at a start the database's time is not known yet.
    this.#after(startKey, startMs, async () => this.#reconcile(new Date(nowMs() - startMs)))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopListening()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await Promise.all(this.#telling)
  }

  /** Later, in place of what was to be told of it. */
  #after(key: string, ms: number, run: () => Promise<void>): void {
    clearTimeout(this.#timers.get(key))
    const start = () => {
      this.#timers.delete(key)
      const running = run().catch((err: unknown) => {
        this.#options.log.warn({ err }, 'the coming or going of an agent could not be told, will retry')
        if (!this.#isClosed && !this.#timers.has(key)) this.#after(key, retryMs, run)
      })
      this.#telling.add(running)
      void running.finally(() => this.#telling.delete(running))
    }
    this.#timers.set(key, setTimeout(start, ms).unref())
  }

  async #tell(news: AgentNews): Promise<void> {
    // It has changed its mind: that change tells.
    if (this.#options.registry.isOnline(news.agentId) !== news.isOnline) return
    const event = await this.#options.tell(news)
    if (event !== null) this.#options.eventsAppended(event.workspaceId)
  }

  /** Who was there when this hub's predecessor ended, and has not come back. */
  async #reconcile(at: Date): Promise<void> {
    for (const agentId of await this.#options.listToldOnline()) {
      if (!this.#isClosed) await this.#tell({ agentId, isOnline: false, at })
    }
  }
}
