import type { EventRow } from '@private-connect/db'
import type { TRPCError } from '@trpc/server'
import type { AuthenticatedContext } from '../../context.ts'
import { toApiError, toTrpcError } from '../../errors/to-api-error.ts'
import type { Admission } from '../../live-ports.ts'

/** How a procedure of tRPC is called; `signal` is aborted when the client has left. */
export interface Subscription<Input> {
  readonly ctx: AuthenticatedContext
  readonly input: Input
  readonly signal: AbortSignal | undefined
}

/** What one subscription is to be told of its workspace's events. */
export interface LiveView<Told> {
  /** Throws for what the caller may not see; nothing was admitted then. */
  readonly authorize?: () => Promise<unknown>
  /** What was seen last; null: begin with what happens from now on. */
  readonly afterSeq: number | null
  /** What is told before all else, as of now. */
  readonly listFirst?: () => Promise<readonly Told[]>
  /** What a row is told as, or null. Everybody gets the same object of one row, so that it is written once. */
  readonly tell: (row: EventRow) => Told | null
}

/** An open subscription. Whoever has it reads the batches to their end, or its place is never free again. */
export interface LiveReading<Told> {
  /** Once its signal is aborted nothing more may be told, even of a batch at hand. */
  readonly admission: Pick<Admission, 'signal'>
  /** Without an end but that signal. Throws the reason where the hub ends it. */
  readonly batches: AsyncIterable<readonly Told[]>
}

/**
 * A subscription as its procedure answers it. tRPC iterates it, one by one; the hub's event streams `begin` it and write
 * what they share once. Either fails with errors of tRPC, as what fails once it has begun passes no procedure.
 */
export interface LiveStream<Told> extends AsyncIterable<Told, void, void> {
  begin(): Promise<LiveReading<Told>>
}

/** Nothing is read or admitted before it is begun. */
export function createLiveStream<Told>(
  subscription: Subscription<unknown>,
  view: LiveView<Told>,
): LiveStream<Told> {
  const begin = async (): Promise<LiveReading<Told>> => {
    const { ctx, signal = new AbortController().signal } = subscription
    const { credential, ipAddress } = ctx
    try {
      await view.authorize?.()
      const admission = ctx.ports.live.admit({ credential, ipAddress, signal })
      return { admission, batches: await openBatches(ctx, admission, view) }
    } catch (error) {
      throw asTrpcError(error)
    }
  }
  return {
    begin,
    async *[Symbol.asyncIterator]() {
      const { admission, batches } = await begin()
      for await (const batch of batches) {
        for (const told of batch) {
          // The last one may have waited long for a slow reader.
          if (admission.signal.aborted) break
          yield told
        }
      }
    },
  }
}

/** What happens once this has resolved is told: a client that hears that it is connected misses nothing. */
async function openBatches<Told>(
  { ports, credential: { workspaceId } }: AuthenticatedContext,
  admission: Admission,
  view: LiveView<Told>,
): Promise<AsyncGenerator<readonly Told[], void, void>> {
  const { afterSeq, listFirst } = view
  const leaving = new AbortController()
  const signal =
    listFirst === undefined ? admission.signal : AbortSignal.any([admission.signal, leaving.signal])
  try {
    const rows = await ports.live.follow({ workspaceId, afterSeq, signal })
    return readBatches({ rows: rows[Symbol.asyncIterator](), leaving, admission }, view)
  } catch (error) {
    admission.release()
    throw error
  }
}

interface OpenFollowing {
  readonly rows: AsyncIterator<readonly EventRow[]>
  /** Ends a step of `rows` that waits. */
  readonly leaving: AbortController
  readonly admission: Admission
}

async function* readBatches<Told>(
  { rows, leaving, admission }: OpenFollowing,
  { listFirst, tell }: LiveView<Told>,
): AsyncGenerator<readonly Told[], void, void> {
  try {
    // What happens while others are listed comes after them.
    let step = rows.next()
    if (listFirst !== undefined) {
      step.catch(() => {})
      yield await listFirst()
    }
    for (let { done, value } = await step; done !== true; { done, value } = await step) {
      const batch = (value as readonly EventRow[]).map(tell).filter((told) => told !== null)
      if (batch.length > 0) yield batch
      step = rows.next()
    }
    if (admission.ending !== null) throw admission.ending
  } catch (error) {
    throw asTrpcError(error)
  } finally {
    leaving.abort()
    await rows.return?.()
    admission.release()
  }
}

function asTrpcError(thrown: unknown): TRPCError {
  return toTrpcError(toApiError(thrown))
}
