import { createHash } from 'node:crypto'
import { claimIdempotencyKey, inTransaction, keepIdempotentAnswer } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { ApiPorts, AuthenticatedContext } from '../context.ts'
import { invalidRequest } from '../errors/to-api-error.ts'
import { digestKey, openAnswer, sealAnswer } from './sealed-answer.ts'

const keptForMs = 24 * 3_600_000

export interface Create {
  /** The procedure's path. */
  readonly operation: string
  readonly input: unknown
  /** Does it, on the context that it is given; its answer is plain JSON. */
  readonly run: (ctx: AuthenticatedContext) => Promise<unknown>
}

export interface Done {
  readonly answer: unknown
  /** Whether it is what an earlier call with the key was told. */
  readonly isReplay: boolean
}

/**
 * Does a create once for each idempotency key, and answers its repeats with the first answer for 24 hours. The claim
 * of the key, the work and the kept answer are one transaction: a hub that dies between them leaves nothing, a failed
 * create may be repeated, and parallel repeats wait for the first. Throws `request.idempotency_conflict` when the key
 * was used for another request.
 */
export async function doOnce(ctx: AuthenticatedContext, key: string, create: Create): Promise<Done> {
  checkKey(key)
  const { workspaceId, id: credentialId } = ctx.credential
  const owner = { credentialId, idempotencyKey: key }
  const ref = { workspaceId, key: digestKey(owner) }
  const requestHash = hashRequest(create)
  const { vault } = ctx.ports.machines
  const later: (() => void | Promise<void>)[] = []
  const done = await inTransaction(ctx.db, async (tx) => {
    const kept = await claimIdempotencyKey(tx, {
      ...ref,
      operation: create.operation,
      requestHash,
      expiresAt: new Date(ctx.ports.nowMs() + keptForMs),
    })
    if (kept !== null) {
      const isSame = kept.operation === create.operation && requestHash.equals(kept.requestHash)
      if (!isSame) throw new AppError('request.idempotency_conflict')
      return { answer: openAnswer(vault, owner, kept.sealed), isReplay: true }
    }
    const answer = await create.run({ ...ctx, db: tx, ports: postpone(ctx.ports, later) })
    await keepIdempotentAnswer(tx, { ...ref, sealed: sealAnswer(vault, owner, answer) })
    return { answer, isReplay: false }
  })
  for (const tell of later) await tell()
  return done
}

function checkKey(key: string): void {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return
  throw invalidRequest([
    { path: 'Idempotency-Key', message: 'Must have 1 to 255 visible ASCII characters, for example a UUID' },
  ])
}

function hashRequest({ operation, input }: Create): Buffer<ArrayBuffer> {
  return createHash('sha256')
    .update(`${operation}\n${JSON.stringify(sortKeys(input)) ?? ''}`)
    .digest()
}

/** Two bodies that differ in the order of their fields ask for the same. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sortKeys(inner)]),
  )
}

/** The work believes that it has committed when it tells the hub; the hub is told when it really has. */
function postpone(ports: ApiPorts, later: (() => void | Promise<void>)[]): ApiPorts {
  return {
    ...ports,
    shareChanged: (id) => void later.push(() => ports.shareChanged(id)),
    shareRefreshed: (id) => void later.push(() => ports.shareRefreshed(id)),
    workspaceChanged: (id) => void later.push(() => ports.workspaceChanged(id)),
    serviceChanged: (id) => void later.push(() => ports.serviceChanged(id)),
    agentChanged: (id) => void later.push(() => ports.agentChanged(id)),
    credentialsChanged: (id) => void later.push(() => ports.credentialsChanged(id)),
    eventsAppended: (id) => void later.push(() => ports.eventsAppended(id)),
  }
}
