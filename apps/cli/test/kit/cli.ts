import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startProgram, type Program } from './program.ts'
import type { TestHub } from './hub.ts'

const bin = resolve(import.meta.dirname, '../../bin/private-connect.js')

/** A user of the command line: a config folder of their own, and the hub's address and key in the environment. */
export interface CliUser {
  readonly configHome: string
  run(...args: string[]): Program
  remove(): void
}

export function createCliUser(
  hub: Pick<TestHub, 'url' | 'apiKey'>,
  env: Readonly<Record<string, string>> = {},
): CliUser {
  const configHome = mkdtempSync(join(tmpdir(), 'pc-cli-user-'))
  const all = {
    PRIVATE_CONNECT_HUB: hub.url,
    PRIVATE_CONNECT_API_KEY: hub.apiKey,
    XDG_CONFIG_HOME: configHome,
    HOME: configHome,
    ...env,
  }
  return {
    configHome,
    run: (...args) => startProgram([bin, ...args], all),
    remove: () => rmSync(configHome, { recursive: true, force: true }),
  }
}

export interface SharedLine {
  readonly url: string
  readonly agentId: string
  readonly share: { readonly id: string; readonly shareUrl: string; readonly subdomainUrl: string }
  readonly service: { readonly id: string; readonly name: string; readonly protocol: string }
}

/** The line that `share --json` prints once the link works. */
export async function readShare(program: Program): Promise<SharedLine> {
  const [line] = await program.waitFor(/^\{"type":"share",.*\}$/m)
  return JSON.parse(line) as SharedLine
}

export interface LocalApp {
  readonly port: number
  close(): Promise<void>
}

/** A web app that answers every request with its method and path. */
export async function startApp(): Promise<LocalApp> {
  const server: Server = createServer((req, res) => res.end(`app saw ${req.method} ${req.url}`))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
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
export function visit(link: string, path = '/'): Promise<Visit> {
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
