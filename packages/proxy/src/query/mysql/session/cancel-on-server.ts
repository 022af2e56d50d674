import type { QueryConnection } from '../../query-engine.ts'
import { openSession } from './open-session.ts'

/** A server that does not answer keeps nobody waiting longer. */
const cancelTimeoutMs = 2_000

/**
 * Ends a session on the server from a second connection: a closed socket alone does not stop a statement there. Never
 * rejects: a session that is gone already, or cannot be reached, is ended by the server's own limits.
 */
export async function cancelOnServer(connection: QueryConnection, threadId: number): Promise<void> {
  try {
    const signal = AbortSignal.timeout(cancelTimeoutMs)
    const session = await openSession({ connection, bytesMax: 0, signal })
    const giveUp = (): void => void session.socket.destroy()
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      await session.ask(`KILL CONNECTION ${Math.trunc(threadId)}`)
    } finally {
      signal.removeEventListener('abort', giveUp)
      session.close()
    }
  } catch {
    // Unknown thread: it had ended.
  }
}
