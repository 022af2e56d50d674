import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LocalApp {
  readonly port: number
  close(): Promise<void>
}

/** A web app that answers every request with its method and path. */
export async function startLocalApp(port = 0): Promise<LocalApp> {
  const server = createServer((req, res) => res.end(`app saw ${req.method} ${req.url}`))
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
