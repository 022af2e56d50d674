import { readFileSync } from 'node:fs'
import type { PostgresServer } from './postgres-server.ts'

/** Statements of a corpus file: one a line, comments left out; those marked `--17` only from that version on. */
export function readCorpus(name: string, serverVersion = 99): string[] {
  const lines = readFileSync(new URL(`../corpus/${name}`, import.meta.url), 'utf8').split('\n')
  return lines.flatMap((line) => {
    const [, from = '0', statement = ''] = /^(?:--(\d+))?(.*)$/.exec(line) ?? []
    const isStatement = statement !== '' && !statement.startsWith('-- ')
    return isStatement && serverVersion >= Number(from) ? [statement] : []
  })
}

/** The database `app`, owned by `owner`, who may do anything in it; `reader` may read all of it. */
export async function fillApp(server: PostgresServer, extensions: readonly string[] = []): Promise<void> {
  await server.admin("CREATE ROLE owner LOGIN PASSWORD 'owner-password'")
  await server.admin("CREATE ROLE reader LOGIN PASSWORD 'reader-password'")
  await server.admin('CREATE DATABASE app OWNER owner')
  for (const name of extensions) await server.admin(`CREATE EXTENSION ${name}`, 'app')
  await server.admin('GRANT ALL ON SCHEMA public TO owner', 'app')
  await server.admin(
    `SET ROLE owner; ${readFileSync(new URL('../corpus/postgresql-fixture.sql', import.meta.url), 'utf8')}`,
    'app',
  )
  await server.admin('GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader', 'app')
  await server.admin('GRANT INSERT, UPDATE, DELETE ON ledger TO reader', 'app')
  await server.admin('GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO reader', 'app')
}

/** A text that is another one after any change of rows (or locks on them), sequences, objects, roles and settings. */
export async function fingerprint(server: PostgresServer): Promise<string> {
  const tables = await server.admin(
    "SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'm') ORDER BY 1",
    'app',
  )
  const catalogs = [
    'pg_class pg_proc pg_type pg_attribute pg_namespace pg_index pg_trigger pg_rewrite pg_policy pg_constraint',
    'pg_authid pg_database pg_db_role_setting pg_largeobject_metadata pg_extension pg_operator pg_cast pg_description',
    'pg_default_acl pg_foreign_server pg_publication pg_subscription pg_tablespace pg_event_trigger pg_shseclabel',
  ]
    .join(' ')
    .split(' ')
  const rows = tables.map(
    ({ name }) =>
      `SELECT '${String(name)}', md5(string_agg(t::text || t.xmin || t.xmax || t.ctid, ',' ORDER BY t.ctid)) FROM ${String(name)} t`,
  )
  // What VACUUM and ANALYZE of the server itself write is no change of anybody's.
  const volatileColumns =
    "- 'relpages' - 'reltuples' - 'relallvisible' - 'relallfrozen' - 'relfrozenxid' - 'relminmxid' - 'datfrozenxid' - 'datminmxid'"
  const objects = catalogs.map(
    (name) =>
      `SELECT '${name}', md5(string_agg((to_jsonb(c) ${volatileColumns})::text, ',' ORDER BY (to_jsonb(c) ${volatileColumns})::text)) FROM ${name} c`,
  )
  const others = [
    "SELECT 'locks', count(*)::text FROM pg_locks WHERE locktype = 'advisory'",
    "SELECT 'slots', count(*)::text FROM pg_replication_slots",
    "SELECT 'sequences', md5(string_agg(s::text, ',' ORDER BY s::text)) FROM pg_sequences s",
    "SELECT 'settings', md5(string_agg(name || '=' || setting, ',' ORDER BY name)) FROM pg_settings",
  ]
  const found = await server.admin([...rows, ...objects, ...others].join(' UNION ALL '), 'app')
  return found.map((row) => Object.values(row).join(':')).join('\n')
}
