import type { RoleFinding } from '../query-engine.ts'
import type { Step, TextRow } from './exchange.ts'

/** Roles whose members reach the server's files, programs or other sessions; the last ones are clouds' own superusers. */
const powerfulRoles = [
  'pg_read_server_files',
  'pg_write_server_files',
  'pg_execute_server_program',
  'pg_signal_backend',
  'pg_create_subscription',
  'pg_maintain',
  'rds_superuser',
  'rdsadmin',
  'rds_replication',
  'cloudsqlsuperuser',
  'azure_pg_admin',
  'alloydbsuperuser',
  'neon_superuser',
]

const attributes = [
  ['rolsuper', 'is a superuser'],
  ['rolreplication', 'may replicate the whole server'],
  ['rolbypassrls', 'bypasses row-level security'],
  ['rolcreaterole', 'may create roles'],
] as const

/** One row for the session's role, which SET ROLE of its own settings may have replaced, and for the one it signed in as. */
export const roleStep: Step = {
  text: `SELECT ${attributes.map(([column]) => `pg_catalog.bool_or(r.${column}) FILTER (WHERE r.own)`).join(', ')},
    pg_catalog.string_agg(r.rolname::pg_catalog.text, ', ') FILTER (
      WHERE NOT r.own AND (r.rolname = ANY ($1::pg_catalog.name[]) OR r.rolsuper)
        AND (pg_catalog.pg_has_role(SESSION_USER, r.oid, 'MEMBER') OR pg_catalog.pg_has_role(r.oid, 'MEMBER')))
    FROM (SELECT *, rolname IN (SESSION_USER, CURRENT_USER) AS own FROM pg_catalog.pg_roles) r`,
  values: [`{${powerfulRoles.join(',')}}`],
}

export function readRole(row: TextRow | undefined): RoleFinding {
  const [isSuperuser] = row ?? []
  // A role that is not in the catalog is none that this server knows.
  if (row === undefined || isSuperuser === null)
    return { isPrivileged: true, reason: 'The role could not be looked at.' }
  const reasons: string[] = attributes.flatMap(([, words], at) => (row[at] === 't' ? [words] : []))
  const memberships = row[attributes.length]
  // A superuser is a member of everything.
  if (typeof memberships === 'string' && isSuperuser === 'f') reasons.push(`is a member of ${memberships}`)
  if (reasons.length === 0) return { isPrivileged: false, reason: null }
  return { isPrivileged: true, reason: `The role ${reasons.join(', ')}.` }
}
