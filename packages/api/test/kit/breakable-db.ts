import { createServer, connect, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { createDb, type Db } from '@private-connect/db'

export interface BreakableDb {
  readonly db: Db
  /** From now on the server is out of reach, as after its crash. */
  break(): Promise<void>
}

/** A pool whose connections pass through a relay of ours, since a test must not stop the server of all the others. */
export async function createBreakableDb(url: string): Promise<BreakableDb> {
  const target = new URL(url)
  const folder = target.searchParams.get('host')
  const port = Number(target.port === '' ? 5432 : target.port)
  const sockets = new Set<Socket>()
  const relay = createServer((socket) => {
    const upstream = folder === null ? connect(port, target.hostname) : connect(`${folder}/.s.PGSQL.${port}`)
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end.on('error', () => end.destroy())
    }
    socket.pipe(upstream).pipe(socket)
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  target.searchParams.delete('host')
  target.hostname = '127.0.0.1'
  target.port = String((relay.address() as AddressInfo).port)
  const db = await createDb({ url: target.href, connectTimeoutMs: 2000, onIdleError: () => {} })
  return {
    db,
    async break() {
      relay.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
