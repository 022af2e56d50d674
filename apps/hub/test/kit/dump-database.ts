import type { Db } from '@private-connect/db'

/** Every row of every table, bytes too. */
export async function dumpDatabase(db: Pick<Db, 'pool'>): Promise<string> {
  const { rows: tables } = await db.pool.query<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  )
  const parts: string[] = []
  for (const { name } of tables) {
    const { rows } = await db.pool.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`)
    for (const { text } of rows) {
      const bytes = text.match(/(?<=\\x)[0-9a-f]+/g) ?? []
      parts.push(text, ...bytes.map((hex) => Buffer.from(hex, 'hex').toString('latin1')))
    }
  }
  return parts.join('\n')
}
