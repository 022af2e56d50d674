import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { AppError } from '@private-connect/errors'
import ipaddr from 'ipaddr.js'
import { createHostsFile } from './hosts-file.ts'

export interface HostResolverOptions {
  /** `127.0.0.1:53`. Default: the system's. */
  readonly servers?: readonly string[]
  readonly hostsPath?: string
  /** Names that are looked up at once. */
  readonly lookupsMax?: number
  /** Of these, for one owner. */
  readonly lookupsPerOwnerMax?: number
}

interface ResolveOptions {
  /** Whose name it is, such as a workspace: none may use up all look-ups. */
  readonly owner?: string | undefined
  readonly signal?: AbortSignal
  /** A look-up takes 5 s at most, however long its caller would wait. */
  readonly timeoutMs: number
}

/** Finds every address of a host. Rejects with `upstream.refused` where it has none, `upstream.timeout` where nobody says. */
export type ResolveHost = (host: string, options: ResolveOptions) => Promise<readonly string[]>

interface Lookup {
  readonly addresses: Promise<readonly string[]>
  readonly cancel: () => void
  waiting: number
}

const serverTimeoutMs = 2_000
const lookupTimeoutMs = 5_000
const failureKeptMs = 5_000

/**
 * Resolves names without the system's resolver, which blocks one of the process's four worker threads for as long as a
 * silent name server likes: four such names would stop all others. Addresses, `localhost` and the hosts file are known
 * at once; the rest is asked of the name servers as it is written, so search domains are not applied. Those who ask for
 * one name share one look-up, and its failure for 5 s; it counts for the owner who asked first.
 */
export function createHostResolver(options: HostResolverOptions = {}): ResolveHost {
  const { servers, hostsPath = '/etc/hosts' } = options
  const findInHosts = createHostsFile(hostsPath)
  const lookups = new Map<string, Lookup>()
  const places = createPlaces(options)

  const startLookup = (name: string, owner: string): Lookup => {
    const forget = (): void => {
      if (lookups.get(name) === lookup) lookups.delete(name)
    }
    const lookup = askServers(name, servers, forget)
    lookups.set(name, lookup)
    places.take(owner)
    void lookup.addresses
      .then(forget, () => void setTimeout(forget, failureKeptMs).unref())
      .finally(() => places.giveBack(owner))
    return lookup
  }

  return async (host, { owner = '', signal, timeoutMs }) => {
    const name = host.toLowerCase().replace(/\.$/, '')
    const known = readLocal(name) ?? (await findInHosts(name))
    if (known.length > 0) return known
    if (signal?.aborted) throw timedOut(name)
    if (!lookups.has(name) && !places.hasOne(owner)) throw timedOut(name)
    const lookup = lookups.get(name) ?? startLookup(name, owner)
    return waitFor(lookup, { name, signal, timeoutMs })
  }
}

interface Places {
  hasOne(owner: string): boolean
  take(owner: string): void
  giveBack(owner: string): void
}

function createPlaces({ lookupsMax = 256, lookupsPerOwnerMax = 64 }: HostResolverOptions): Places {
  const taken = new Map<string, number>()
  let running = 0
  return {
    hasOne: (owner) => running < lookupsMax && (taken.get(owner) ?? 0) < lookupsPerOwnerMax,
    take(owner) {
      running += 1
      taken.set(owner, (taken.get(owner) ?? 0) + 1)
    },
    giveBack(owner) {
      running -= 1
      const left = (taken.get(owner) ?? 0) - 1
      if (left > 0) taken.set(owner, left)
      else taken.delete(owner)
    },
  }
}

/** The process's: all look-ups count together. */
export const resolveHost = createHostResolver()

/** What names need no asking: addresses in every form that the system takes (`127.1`, `0x7f.1`), and this machine. */
function readLocal(name: string): readonly string[] | undefined {
  if (isIP(name) !== 0) return [name]
  if (ipaddr.IPv4.isValid(name)) return [ipaddr.IPv4.parse(name).toString()]
  if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1', '::1']
  return undefined
}

function askServers(name: string, servers: readonly string[] | undefined, onCancel: () => void): Lookup {
  // One for each look-up: it can be cancelled alone, and sees the system's name servers of now.
  const resolver = new Resolver({ timeout: serverTimeoutMs, tries: 1 })
  if (servers !== undefined) resolver.setServers(servers)
  const cancel = (): void => {
    onCancel()
    resolver.cancel()
  }
  return { addresses: askBothFamilies(resolver, name), cancel, waiting: 0 }
}

async function askBothFamilies(resolver: Resolver, name: string): Promise<readonly string[]> {
  const timer = setTimeout(() => resolver.cancel(), lookupTimeoutMs)
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
  clearTimeout(timer)
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
  if (addresses.length > 0) return addresses
  const failures = answers.flatMap((answer): unknown[] =>
    answer.status === 'rejected' ? [answer.reason] : [],
  )
  const silence = failures.find(isSilence)
  if (silence !== undefined) throw timedOut(name, silence)
  throw new AppError('upstream.refused', undefined, {
    message: `${name} does not resolve`,
    cause: failures[0],
  })
}

interface WaitOptions {
  readonly name: string
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
}

/** Whoever waits may leave; the look-up ends with the last of them. */
async function waitFor(lookup: Lookup, { name, signal, timeoutMs }: WaitOptions): Promise<readonly string[]> {
  const gone = Promise.withResolvers<never>()
  const leave = (): void => {
    if (lookup.waiting === 1) lookup.cancel()
    gone.reject(timedOut(name))
  }
  const timer = setTimeout(leave, timeoutMs)
  signal?.addEventListener('abort', leave, { once: true })
  lookup.waiting += 1
  try {
    return await Promise.race([lookup.addresses, gone.promise])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', leave)
    lookup.waiting -= 1
  }
}

function isSilence(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['ETIMEOUT', 'ECANCELLED'].includes(String((error as NodeJS.ErrnoException).code))
  )
}

function timedOut(name: string, cause?: unknown): AppError {
  return new AppError('upstream.timeout', undefined, { message: `look-up of ${name}`, cause })
}
