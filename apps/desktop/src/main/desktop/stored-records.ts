import { parseJson } from '@private-connect/sharing'
import { z } from 'zod'
import type { SecretVault } from '../storage/secret-vault.ts'

/** What fits in a header, whatever somebody wrote into the file. */
const headerText = z.string().regex(/^[\x21-\x7e]{1,256}$/)
const hubUrl = z.string().max(2048)
const id = z.string().min(1).max(64)

/** Who is signed in, and how the hub knows it. */
const session = z.strictObject({
  hubUrl,
  kind: z.enum(['session', 'api_key']),
  value: headerText,
  email: z.string().nullable(),
  workspaceName: z.string(),
})
export type Session = z.infer<typeof session>

const target = z.strictObject({ host: z.string().min(1).max(253), port: z.int().min(1).max(65_535) })

/** This machine's agent at one hub, with what it serves by service id. */
const machine = z.strictObject({
  hubUrl,
  agentId: id,
  token: headerText,
  targets: z.record(id, target),
})
export type Machine = z.infer<typeof machine>

const links = z.record(id, z.string().max(2048))

/** One JSON text in the vault. */
export interface StoredRecord<Value> {
  /** Null where there is none, or none that can be read. */
  read(): Value | null
  write(value: Value | null): Promise<void>
}

export interface StoredRecords {
  readonly session: StoredRecord<Session>
  readonly machine: StoredRecord<Machine>
  readonly links: StoredRecord<Readonly<Record<string, string>>>
}

export function createStoredRecords(vault: SecretVault): StoredRecords {
  const store = <Value>(name: string, schema: z.ZodType<Value>): StoredRecord<Value> => ({
    read() {
      const parsed = schema.safeParse(parseJson(vault.get(name) ?? ''))
      return parsed.success ? parsed.data : null
    },
    write: async (value) => vault.set(name, value === null ? null : JSON.stringify(value)),
  })
  return {
    session: store('session', session),
    machine: store('machine', machine),
    links: store('links', links),
  }
}

/** As the hub takes it. */
export function authorizationOf({ kind, value }: Session): Readonly<Record<string, string>> {
  return kind === 'api_key' ? { 'x-api-key': value } : { authorization: `Bearer ${value}` }
}
