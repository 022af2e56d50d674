import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  defaultQueryCaps,
  type QueryCaps,
  type QueryConnection,
  type QueryResult,
  type QueryRules,
} from '../../../src/query/query-engine.ts'
import { postgresqlEngine } from '../../../src/query/postgresql/postgresql-engine.ts'

export const readOnly: QueryRules = { allowWrites: false, maskedColumns: [], allowPrivilegedRole: false }
export const writing: QueryRules = { ...readOnly, allowWrites: true }

export interface Asker {
  readonly connection: QueryConnection
  (query: string, options?: AskOptions): Promise<QueryResult>
}

export interface AskOptions {
  readonly params?: readonly unknown[]
  readonly rules?: Partial<QueryRules>
  readonly caps?: Partial<QueryCaps>
  readonly signal?: AbortSignal
}

export interface AskerOptions {
  readonly port: number
  readonly username?: string
  readonly password?: string
  readonly database?: string
  readonly tls?: QueryConnection['tls']
  readonly host?: string
  readonly dial?: (signal: AbortSignal) => Promise<Duplex>
}

/** Checks and executes as a share would, with a login of the test's. */
export function createAsker(options: AskerOptions): Asker {
  const { port, username = 'reader', password = 'reader-password', database = 'app' } = options
  const connection: QueryConnection = {
    host: options.host ?? 'db.internal.test',
    login: { username, password, database },
    tls: options.tls ?? 'off',
    dial: options.dial ?? (() => dialDirectly(port)),
  }
  const ask = async (query: string, { params = [], ...given }: AskOptions = {}): Promise<QueryResult> => {
    const rules = { ...readOnly, ...given.rules }
    const caps = { ...defaultQueryCaps, ...given.caps }
    const request = { query, params }
    const checked = await postgresqlEngine.check(request, rules)
    const signal = given.signal ?? new AbortController().signal
    return postgresqlEngine.execute(checked, { connection, request, rules, caps, signal })
  }
  return Object.assign(ask, { connection })
}

export function dialDirectly(port: number): Promise<Duplex> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}
