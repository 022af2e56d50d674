import { request, type RequestOptions } from 'node:https'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { findFreePorts } from './free-ports.ts'
import { startNginx, type FrontProxy } from './front-proxy.ts'
import { createRestCaller, startTestHub, type TestHub } from './hub.ts'
import { repositoryRoot } from './processes.ts'
import { sharePort, type SharedPort } from './share.ts'

export interface HubBehindNginx {
  readonly hub: TestHub
  readonly nginx: FrontProxy
  /** Public origin of the hub. */
  readonly origin: string
  /** One request over TLS; the name of the handshake is the host's unless `servername` says otherwise. */
  ask(host: string, path: string, options?: Ask): Promise<Answer>
  /** `private-connect share` of a local port, its tunnel through nginx too. */
  share(port: number, options?: readonly string[]): Promise<SharedPort>
  stop(): Promise<void>
}

export type Ask = Pick<RequestOptions, 'method' | 'headers' | 'servername' | 'localAddress'> & {
  readonly body?: string
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface BehindNginxOptions {
  readonly hubHost?: string
  /** null: the hub has no share domain. */
  readonly shareDomain?: string | null
  readonly settings?: Readonly<Record<string, string>>
}

/** A hub as docs/deploying.md says, behind nginx with the shipped configuration. */
export async function startHubBehindNginx(options: BehindNginxOptions = {}): Promise<HubBehindNginx> {
  const { hubHost = 'hub.example.com', shareDomain = 'share.example.net' } = options
  const [hubPort = 0, port = 0, plainPort = 0] = await findFreePorts(3)
  const origin = `https://${hubHost}:${port}`
  const nginx = await startNginx({
    hubPort,
    port,
    plainPort,
    hubHost,
    shareDomain: shareDomain ?? 'share.example.net',
  })
  const started = await startTestHub({
    PORT: String(hubPort),
    HUB_URL: origin,
    LINK_URL: origin,
    ...(shareDomain === null ? {} : { SHARE_DOMAIN: `${shareDomain}:${port}` }),
    TRUSTED_PROXIES: '127.0.0.1',
    ...options.settings,
  })
  // Tests that prepare something do so past nginx.
  const url = `http://127.0.0.1:${hubPort}`
  const hub = { ...started, url, port: hubPort, api: createRestCaller(url, started.apiKey) }
  return {
    hub,
    nginx,
    origin,
    ask: (host, path, asked = {}) => ask({ nginx, host, path }, asked),
    share: (localPort, args = []) =>
      sharePort({ url: origin, apiKey: started.apiKey, env: agentEnv(nginx) }, localPort, args),
    async stop() {
      await hub.remove()
      await nginx.stop()
    },
  }
}

/** The agent knows the certificate's authority and finds the hub's name on this machine. */
function agentEnv(nginx: FrontProxy): Record<string, string> {
  return {
    NODE_EXTRA_CA_CERTS: nginx.caFile,
    NODE_OPTIONS: `--import=${join(repositoryRoot, 'apps/hub/test/kit/resolve-to-loopback.js')}`,
  }
}

interface Target {
  readonly nginx: FrontProxy
  readonly host: string
  readonly path: string
}

async function ask({ nginx, host, path }: Target, { body, headers, ...options }: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: nginx.port,
        servername: host,
        ca: nginx.ca,
        path,
        agent: false,
        headers: { host: `${host}:${nginx.port}`, ...headers },
        ...options,
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        )
      },
    )
    sent.once('error', reject).end(body)
  })
}
