import { request } from 'node:http'

export interface Visit {
  readonly status: number
  readonly text: string
}

/** Opens a link as a visitor. `*.localhost` is this machine, as browsers have it; the system's resolver may not. */
export async function visit(link: string | null, path = '/'): Promise<Visit> {
  if (link === null) throw new Error('there is no link')
  const { hostname, port, host, pathname } = new URL(link)
  const at = hostname.endsWith('localhost') ? '127.0.0.1' : hostname
  return new Promise((done, fail) => {
    const options = {
      host: at,
      port,
      path: pathname.replace(/\/$/, '') + path,
      headers: { host },
      agent: false as const,
    }
    request(options, (res) => {
      let text = ''
      res.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      res.on('end', () => done({ status: res.statusCode ?? 0, text }))
    })
      .on('error', fail)
      .end()
  })
}
