import { createServer, request } from 'node:http'
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

export interface Visit {
  readonly status: number
  readonly text: string
}

/** Opens a link as a visitor. `*.localhost` is this machine, as browsers have it; the system's resolver may not. */
export async function visit(link: string | null): Promise<Visit> {
  if (link === null) throw new Error('there is no link')
  const { hostname, port, host, pathname } = new URL(link)
  const at = hostname.endsWith('localhost') ? '127.0.0.1' : hostname
  return new Promise((done, fail) => {
    const options = { host: at, port, path: pathname, headers: { host }, agent: false as const }
    request(options, (res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      res.on('end', () => done({ status: res.statusCode ?? 0, text }))
    })
      .on('error', fail)
      .end()
  })
}
