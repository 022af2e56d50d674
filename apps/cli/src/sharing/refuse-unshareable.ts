import { Failure } from '../failure.ts'
import { isLoopbackHost } from '../hub/hub-url.ts'
import { probeTcp, type Target } from './probe-target.ts'

/** Refuses what can only be a mistake: a port where nothing listens (unless forced), and the hub itself. */
export async function refuseUnshareable(
  target: Target,
  options: { readonly hubUrl: string; readonly isForced: boolean },
): Promise<void> {
  if (isHubItself(target, options.hubUrl)) {
    throw new Failure('usage', `Port ${target.port} is the hub itself, which is not to be shared.`)
  }
  if (options.isForced) return
  const outcome = await probeTcp(target)
  if (outcome === 'listening') return
  const where = `${target.host}:${target.port}`
  const hint = 'Start your app first, or add --force to share the port all the same.'
  if (outcome === 'unknown_host') {
    throw new Failure('nothingListens', `There is no host named ${target.host}.`, { hint: 'Check --host.' })
  }
  if (outcome === 'timeout') throw new Failure('nothingListens', `Nothing answers at ${where}.`, { hint })
  throw new Failure('nothingListens', `Nothing listens on ${where}.`, { hint })
}

function isHubItself(target: Target, hubUrl: string): boolean {
  const hub = new URL(hubUrl)
  const hubPort = Number(hub.port || (hub.protocol === 'https:' ? 443 : 80))
  return hubPort === target.port && isLoopbackHost(hub.hostname) && isLoopbackHost(target.host)
}
