import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineAsker } from './kit/ask-engine.ts'
import { createAsker } from './kit/ask-postgres.ts'
import { fillApp, fingerprint, readCorpus } from './kit/postgres-database.ts'
import { flavours, startPostgres, type PostgresServer } from './kit/postgres-server.ts'

// DBQ-12, PG-01 to PG-13: on a share that can only read, every read of the corpus works, and every write and trick is
// refused before it reaches the server or fails there, even where the login owns everything or is a superuser. Afterwards
// the database is what it was, to the last row version.
describe.each(flavours)('the corpus on %s', (flavour) => {
  const version = flavour === 'embedded' ? 18 : 15
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres(flavour)
    await fillApp(server, flavour === 'embedded' ? [] : ['dblink', 'lo', 'tablefunc', 'tsm_system_rows'])
  })
  afterAll(() => server.stop())

  it('answers every read', async () => {
    const ask = createAsker({ port: server.port })
    const before = await fingerprint(server)
    const failures: string[] = []
    for (const query of readCorpus('postgresql-reads.sql', version)) {
      await ask(query).catch((error: Error) => failures.push(`${query}: ${error.message}`))
    }
    expect(failures).toEqual([])
    expect(await fingerprint(server)).toBe(before)
  })

  it.each([
    ['a function that lies about itself', 'SELECT stable_liar(1)'],
    ['a view that calls a function which writes', 'SELECT n FROM writing_view'],
  ])('has a second layer against %s: the transaction is read-only', async (_what, query) => {
    const before = await fingerprint(server)
    const ask = createAsker({ port: server.port, username: 'owner', password: 'owner-password' })
    await expect(ask(query)).rejects.toMatchObject({ code: 'query.failed', query: { databaseCode: '25006' } })
    expect(await fingerprint(server)).toBe(before)
  })

  const logins: [string, () => EngineAsker, boolean][] = [
    [
      'the owner of all tables',
      () => createAsker({ port: server.port, username: 'owner', password: 'owner-password' }),
      false,
    ],
    [
      'a superuser',
      () => createAsker({ port: server.port, username: 'admin', password: 'admin-password' }),
      true,
    ],
  ]
  it.each(logins)('refuses every write and trick with the login of %s', async (_who, login, isSuperuser) => {
    const ask = login()
    const before = await fingerprint(server)
    const passed: string[] = []
    const odd: string[] = []
    for (const query of readCorpus('postgresql-refused.sql')) {
      try {
        await ask(query, { rules: { allowPrivilegedRole: isSuperuser } })
        passed.push(query)
      } catch (error) {
        const code = (error as { code?: string }).code ?? String(error)
        // What is not installed here is no function of the database.
        if (code !== 'query.refused') odd.push(`${query}: ${code} ${(error as Error).message}`)
      }
    }
    expect(passed).toEqual([])
    expect(odd).toEqual([])
    expect(await fingerprint(server)).toBe(before)
  })
})
