import { connect, type Socket } from 'node:net'
import { AppError } from '@private-connect/errors'
import type { Dial, UpstreamService } from '../dial.ts'
import { resolveHost, type ResolveHost } from './resolve-host.ts'
import { createTargetCheck } from './target-address.ts'

export interface DirectDialOptions {
  /** ALLOW_PRIVATE_TARGETS: CIDR ranges beyond the public ones. Default: none. */
  readonly allowPrivateTargets?: readonly string[]
  /** The hub's own ports and its database's. */
  readonly ownPorts?: readonly number[]
  /** For finding the addresses and trying all of them. Default: 10 s. */
  readonly connectTimeoutMs?: number
  /** Default: the hosts file and the system's name servers. */
  readonly resolve?: ResolveHost
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
  return async ({ targetHost, targetPort, workspaceId: owner }, { signal }) => {
    const deadlineMs = performance.now() + connectTimeoutMs
    const asked = { owner, signal, timeoutMs: connectTimeoutMs }
    const addresses = await resolve(targetHost, asked).catch(throwRefused)
    const allowed = addresses.filter((address) => isAllowed(address, targetPort))
    let failure = refused(`${targetHost}:${targetPort} has no address that may be dialled`)
    for (const [index, address] of allowed.entries()) {
      // One address that swallows everything leaves time for the rest.
      const timeoutMs = (deadlineMs - performance.now()) / (allowed.length - index)
      try {
        return await openSocket(address, targetPort, { signal, timeoutMs })
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
): (target: Pick<UpstreamService, 'workspaceId' | 'targetHost' | 'targetPort'>) => Promise<boolean> {
  const { resolve = resolveHost } = options
  const isAllowed = createTargetCheck({
    allowedRanges: options.allowPrivateTargets ?? [],
    ownPorts: options.ownPorts ?? [],
  })
  return async ({ workspaceId: owner, targetHost, targetPort }) => {
    const addresses = await resolve(targetHost, { owner, timeoutMs: lookupTimeoutMs }).catch(() => [])
    return addresses.length === 0 || addresses.some((address) => isAllowed(address, targetPort))
  }
}

interface OpenOptions {
  readonly signal: AbortSignal
  readonly timeoutMs: number
}

function openSocket(host: string, port: number, { signal, timeoutMs }: OpenOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, signal })
    const timer = setTimeout(() => {
      socket.destroy(new AppError('upstream.timeout', undefined, { message: `connect ${host}:${port}` }))
    }, timeoutMs)
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

function throwRefused(cause: unknown): never {
  throw cause instanceof AppError ? cause : refused('The host does not resolve', cause)
}
