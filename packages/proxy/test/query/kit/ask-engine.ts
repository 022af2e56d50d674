import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  defaultQueryCaps,
  type QueryCaps,
  type QueryConnection,
  type QueryEngine,
  type QueryResult,
  type QueryRules,
} from '../../../src/query/query-engine.ts'
import { startHub, startRigAgent, untilConnected } from '../../tunnel/kit/tunnel-rig.ts'

export type Dial = QueryConnection['dial']

export interface AskOptions {
  readonly params?: readonly unknown[]
  readonly rules?: Partial<QueryRules>
  readonly caps?: Partial<QueryCaps>
  readonly signal?: AbortSignal
}

export interface EngineAsker {
  readonly connection: QueryConnection
  (query: string, options?: AskOptions): Promise<QueryResult>
}

export const readOnly: QueryRules = { allowWrites: false, maskedColumns: [], allowPrivilegedRole: false }

/** Checks and executes as a share would, with a login of the test's. */
export function createEngineAsker(
  engine: QueryEngine,
  given: Partial<QueryConnection> & Pick<QueryConnection, 'dial' | 'login'>,
): EngineAsker {
  const connection: QueryConnection = { host: 'db.internal.test', tls: 'off', ...given }
  const ask = async (query: string, options: AskOptions = {}): Promise<QueryResult> => {
    const rules = { ...readOnly, ...options.rules }
    const caps = { ...defaultQueryCaps, ...options.caps }
    const request = { query, params: options.params ?? [] }
    const checked = await engine.check(request, rules)
    const signal = options.signal ?? new AbortController().signal
    return engine.execute(checked, { connection, request, rules, caps, signal })
  }
  return Object.assign(ask, { connection })
}

/** What a question ended in: its rows, or the code of its error. */
export async function outcomeOf(running: Promise<QueryResult>): Promise<QueryResult['rows'] | string> {
  return running.then(
    ({ rows }) => rows,
    (error: { code: string }) => error.code,
  )
}

export function directDial(port: number): Dial {
  return async () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    return new Promise<Duplex>((resolve, reject) => {
      socket.once('connect', () => resolve(socket))
      socket.once('error', reject)
    })
  }
}

/** Through a hub and an agent of the rig; its `cleanUp` ends them. */
export async function tunnelDial(port: number): Promise<Dial> {
  const hub = await startHub()
  const agent = startRigAgent(hub.url, { svc_db: port })
  await untilConnected(agent)
  return async () => hub.dial('svc_db', 'query')
}
