import { lookup as lookupHost } from 'node:dns/promises'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '@private-connect/errors'
import type { Dial } from '../dial.ts'
import { createTargetCheck } from './target-address.ts'

export interface DirectDialOptions {
  /** ALLOW_PRIVATE_TARGETS: CIDR ranges beyond the public ones. Default: none. */
  readonly allowPrivateTargets?: readonly string[]
  /** The hub's own ports and its database's. */
  readonly ownPorts?: readonly number[]
  readonly connectTimeoutMs?: number
  /** Every address of a host name. Default: the system's resolver. */
  readonly resolve?: (host: string) => Promise<readonly string[]>
}

/**
 * Dials external services from the hub itself. A name is resolved once and what was checked is what is dialled, so that
 * a second answer of its name server cannot lead anywhere else.
 */
export function createDirectDial(options: DirectDialOptions = {}): Dial {
  const { connectTimeoutMs = 10_000, resolve = resolveHost } = options
  const isAllowed = createTargetCheck({
    allowedRanges: options.allowPrivateTargets ?? [],
    ownPorts: options.ownPorts ?? [],
  })
  return async ({ targetHost, targetPort }, { signal }) => {
    const addresses = await resolve(targetHost).catch((cause: unknown) => {
      throw refused(`${targetHost} does not resolve`, cause)
    })
    const allowed = addresses.filter((address) => isAllowed(address, targetPort))
    let failure = refused(`${targetHost}:${targetPort} has no address that may be dialled`)
    for (const address of allowed) {
      try {
        return await openSocket(address, targetPort, { signal, connectTimeoutMs })
      } catch (error) {
        failure = error instanceof AppError ? error : refused(String(error), error)
        if (signal.aborted) break
      }
    }
    throw failure
  }
}

const lookupTimeoutMs = 3_000

/**
 * Whether the direct dial would dial a target, for telling its owner while it is saved. True while its name has no
 * address: it may get one, and the dial decides then.
 */
export function createDialCheck(
  options: DirectDialOptions = {},
): (targetHost: string, targetPort: number) => Promise<boolean> {
  const { resolve = resolveHost } = options
  const isAllowed = createTargetCheck({
    allowedRanges: options.allowPrivateTargets ?? [],
    ownPorts: options.ownPorts ?? [],
  })
  return async (targetHost, targetPort) => {
    // `localhost.` is `localhost`, though not to every resolver.
    const found = resolve(targetHost.replace(/\.$/, '')).catch(() => [])
    const addresses = await Promise.race([found, delay(lookupTimeoutMs, [], { ref: false })])
    return addresses.length === 0 || addresses.some((address) => isAllowed(address, targetPort))
  }
}

async function resolveHost(host: string): Promise<readonly string[]> {
  const found = await lookupHost(host, { all: true, order: 'verbatim' })
  return found.map(({ address }) => address)
}

interface OpenOptions {
  readonly signal: AbortSignal
  readonly connectTimeoutMs: number
}

function openSocket(host: string, port: number, { signal, connectTimeoutMs }: OpenOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, signal })
    const timer = setTimeout(() => {
      socket.destroy(new AppError('upstream.timeout', undefined, { message: `connect ${host}:${port}` }))
    }, connectTimeoutMs)
    const onError = (error: Error): void => {
      clearTimeout(timer)
      reject(error instanceof AppError ? error : refused(error.message, error))
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      // Between this moment and the first listener of whoever uses the stream, a reset must not end the process.
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

/** What the visitor sees is the same for a closed port and a forbidden address: no way to scan the hub's network. */
function refused(message: string, cause?: unknown): AppError {
  return new AppError('upstream.refused', undefined, { message, cause })
}
