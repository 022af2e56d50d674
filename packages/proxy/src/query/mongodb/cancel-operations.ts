import type { MongoSession } from './mongo-session.ts'

const cancelTimeoutMs = 1_000

/** Ends on the server what the session runs there: its own operations, which its program's name tells. */
export async function cancelOperations({ client, appName }: MongoSession): Promise<void> {
  const admin = client.db('admin')
  const options = { timeoutMS: cancelTimeoutMs }
  try {
    const own = [{ $currentOp: { allUsers: false, idleConnections: false } }, { $match: { appName } }]
    const operations = await admin.aggregate(own, options).toArray()
    const running = operations.filter(({ command }) => !JSON.stringify(command ?? {}).includes('$currentOp'))
    await Promise.all(running.map(({ opid }) => admin.command({ killOp: 1, op: opid as unknown }, options)))
  } catch {
    // It may not look, or the server is gone: the connection that closes next ends it as well.
  }
}
