import { postgresqlEngine } from '../../../src/query/postgresql/postgresql-engine.ts'
import type { QueryConnection, QueryRules } from '../../../src/query/query-engine.ts'
import { createEngineAsker, directDial, readOnly, type Dial, type EngineAsker } from './ask-engine.ts'

export const writing: QueryRules = { ...readOnly, allowWrites: true }

export interface AskerOptions {
  readonly port: number
  readonly username?: string
  readonly password?: string
  readonly database?: string
  readonly tls?: QueryConnection['tls']
  readonly host?: string
  readonly dial?: Dial
}

/** Asks as the login `reader` of the database `app` unless told otherwise. */
export function createAsker({ port, ...given }: AskerOptions): EngineAsker {
  const { username = 'reader', password = 'reader-password', database = 'app', ...others } = given
  const login = { username, password, database }
  return createEngineAsker(postgresqlEngine, { dial: directDial(port), ...others, login })
}
