import { setTimeout as delay } from 'node:timers/promises'
import { startAgent, type AgentStatus, type LocalTargets } from '@private-connect/proxy/tunnel'
import { Failure } from '@private-connect/sharing'
import { version } from '../version.ts'

export interface TunnelOptions {
  readonly hubUrl: string
  readonly proxyUrl: URL | undefined
  readonly token: string
  readonly targets: LocalTargets
  /** Every change, the first connection too. */
  readonly onStatus: (status: AgentStatus) => void
  /** Gives up waiting for the first connection; rejects with its reason. */
  readonly signal: AbortSignal
}

export interface OpenTunnel {
  /** Rejects when the hub refuses this agent for good; never resolves. */
  readonly refused: Promise<never>
  close(): Promise<void>
}

/** The hub no longer accepts this machine's identity. */
export class AgentRefused extends Failure {}

const connectWithinMs = 15_000

/** Resolves once the hub has accepted this agent. Afterwards the tunnel comes back by itself, whatever happens to it. */
export async function openTunnel(options: TunnelOptions): Promise<OpenTunnel> {
  const connected = Promise.withResolvers<'connected'>()
  const refused = Promise.withResolvers<never>()
  // Whoever waits for it hears of it; until then it is no unhandled rejection.
  refused.promise.catch(() => undefined)
  let trouble = 'The hub did not answer.'
  const agent = startAgent({
    hubUrl: options.hubUrl,
    token: options.token,
    ...(options.proxyUrl === undefined ? {} : { proxyUrl: options.proxyUrl.href }),
    version,
    targets: options.targets,
    log: silentLog,
    onStatus(status) {
      options.onStatus(status)
      if (status.state === 'connected') connected.resolve('connected')
      if (status.state !== 'waiting') return
      trouble = status.message
      const failure = toLastingFailure(status)
      if (failure !== null) refused.reject(failure)
    },
  })
  const close = async (): Promise<void> => agent.close()
  const waiting = new AbortController()
  const signal = AbortSignal.any([options.signal, waiting.signal])
  // This timer also keeps the program alive: the tunnel's own ones do not.
  const lateOrStopped = delay(connectWithinMs, 'late' as const, { signal }).catch(() => 'stopped' as const)
  try {
    const outcome = await Promise.race([connected.promise, refused.promise, lateOrStopped])
    if (outcome === 'late') throw cannotOpen(trouble)
    if (outcome === 'stopped') throw options.signal.reason
    return { refused: refused.promise, close }
  } catch (cause) {
    await close()
    throw cause
  } finally {
    waiting.abort()
  }
}

/** What waiting does not cure. */
function toLastingFailure(status: Extract<AgentStatus, { state: 'waiting' }>): Failure | null {
  if (status.reason === 'unauthorized') {
    const message = "The hub no longer accepts this machine's agent: it was removed, or its token replaced."
    return new AgentRefused('tunnelFailed', message, {
      hint: 'Start the command again: it registers this machine anew.',
    })
  }
  if (status.reason === 'version_refused') return new Failure('tunnelFailed', status.message)
  return null
}

function cannotOpen(trouble: string): Failure {
  return new Failure('tunnelFailed', `The tunnel to the hub could not be opened. ${trouble}`, {
    hint: 'The API answers but the tunnel does not: something between here and the hub may block upgrades.',
  })
}

const nothing = (): void => undefined
/** The status tells what a user needs; the rest is for who runs the hub. */
const silentLog = { debug: nothing, info: nothing, warn: nothing }
