import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { request } from 'undici'
import type { Child, Processes } from './processes.ts'

export interface HubOptions {
  readonly name: string
  readonly processes: Processes
  readonly dataDir: string
  readonly port: number
  /** Settings beside the limits that are raised for all. */
  readonly env?: Readonly<Record<string, string>>
  /** Flags for its Node, such as those that write a CPU profile. */
  readonly nodeArgs?: readonly string[]
}

export interface RunningHub {
  readonly child: Child
  readonly url: string
  readonly postgresPid: number
  readonly version: string
  /** One call of the REST API with the hub's own key; rejects for answers other than 2xx. */
  call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>
  /** A number of /metrics. */
  readMetric(name: string): Promise<number>
}

const hubDir = resolve(import.meta.dirname, '..', '..', 'apps', 'hub')

/**
 * The real hub with an embedded database, every policy and the access log. Only the limits that a load from one
 * address would run into are raised; the limiters themselves run.
 */
export async function startHub(options: HubOptions): Promise<RunningHub> {
  const { processes, dataDir, port } = options
  const child = await processes.start({
    name: options.name,
    command: process.execPath,
    args: [...(options.nodeArgs ?? []), join(hubDir, 'src', 'main.ts'), '--api-key'],
    env: {
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: dataDir,
      SHARE_REQUESTS_PER_MIN: '100000000',
      SHARE_QUERIES_PER_MIN: '1000000',
      SHARE_STREAMS_MAX: '100000',
      WORKSPACE_STREAMS_MAX: '100000',
      TUNNEL_STREAMS_MAX: '100000',
      API_REQUESTS_PER_MIN: '1000000',
      DRAIN_TIMEOUT_SECONDS: '5',
      ...options.env,
    },
    ready: { output: /Ctrl-C stops it/ },
    readyTimeoutMs: 60_000,
    stopTimeoutMs: 20_000,
  })
  const apiKey = /pc_live_\w+/.exec(child.output())?.[0]
  if (apiKey === undefined) throw new Error('the hub printed no API key')
  const postgresPid = readPostgresPid(dataDir)
  processes.adopt(postgresPid)
  const url = `http://127.0.0.1:${port}`
  return {
    child,
    url,
    postgresPid,
    version: readVersion(),
    call: createCall({ url, apiKey }),
    readMetric: (name) => readMetric(url, name),
  }
}

/** Of a hub's embedded PostgreSQL, which writes its process id into the first line of this file. */
export function readPostgresPid(dataDir: string): number {
  return Number.parseInt(readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10)
}

function readVersion(): string {
  return (JSON.parse(readFileSync(join(hubDir, 'package.json'), 'utf8')) as { version: string }).version
}

async function readMetric(url: string, name: string): Promise<number> {
  const response = await request(`${url}/metrics`)
  const text = await response.body.text()
  const value = new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]
  if (value === undefined) throw new Error(`/metrics has no ${name}`)
  return Number(value)
}

function createCall({ url, apiKey }: { url: string; apiKey: string }): RunningHub['call'] {
  return async <T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => {
    const response = await request(`${url}${path}`, {
      method,
      headers: {
        'x-api-key': apiKey,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.body.text()
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`)
    return JSON.parse(text) as T
  }
}
