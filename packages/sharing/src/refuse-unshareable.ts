import { Failure } from './failure.ts'
import { isLoopbackHost } from './hub-url.ts'
import { probeTcp, type Target } from './probe-target.ts'

export interface UnshareableCheck {
  readonly hubUrl: string
  /** Shares the port although nothing listens there yet. */
  readonly isForced: boolean
  /** What to do when nothing listens there. */
  readonly startHint: string
  /** What to do when no such host exists. */
  readonly hostHint: string
}

/** Refuses what can only be a mistake: a port where nothing listens (unless forced), and the hub itself. */
export async function refuseUnshareable(target: Target, options: UnshareableCheck): Promise<void> {
  if (isHubItself(target, options.hubUrl)) {
    throw new Failure('usage', `Port ${target.port} is the hub itself, which is not to be shared.`)
  }
  if (options.isForced) return
  const outcome = await probeTcp(target)
  if (outcome === 'listening') return
  const where = `${target.host}:${target.port}`
  const hint = options.startHint
  if (outcome === 'unknown_host') {
    throw new Failure('nothingListens', `There is no host named ${target.host}.`, { hint: options.hostHint })
  }
  if (outcome === 'timeout') throw new Failure('nothingListens', `Nothing answers at ${where}.`, { hint })
  throw new Failure('nothingListens', `Nothing listens on ${where}.`, { hint })
}

function isHubItself(target: Target, hubUrl: string): boolean {
  const hub = new URL(hubUrl)
  const hubPort = Number(hub.port || (hub.protocol === 'https:' ? 443 : 80))
  return hubPort === target.port && isLoopbackHost(hub.hostname) && isLoopbackHost(target.host)
}
