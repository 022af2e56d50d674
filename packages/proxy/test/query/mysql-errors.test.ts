import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { connectionTo, errorOf, fillShop, reader, runMysql, writer } from './kit/mysql-database.ts'

/**
 * Guarantee: the asker learns what the database says of the query, where and what to do; and nothing of its host, its
 * login, its files, nor why a session could not be opened.
 */
let db: MariaDb

beforeAll(async () => {
  db = await startMariaDb()
  await fillShop(db)
})
afterAll(() => db.stop())

const ask = (query: string) => errorOf(runMysql(connectionTo(db.port), query))

describe('errors of MySQL', () => {
  it('have the number, the state and the place', async () => {
    const error = await ask("SELECT 'é',\n  name FORM\n users")
    expect(error.code).toBe('query.refused')
    const before = "SELECT 'é🙂' /* c */,\n  name\n FROM users u WHERE id "
    const syntax = await ask(`${before}MEMBER OF ('[1]')`)
    const position = Array.from(before).length + 1
    expect(syntax).toMatchObject({ code: 'query.failed', query: { databaseCode: '1064 (42000)', position } })
    const unknown = await ask('SELECT nothing FROM users')
    expect(unknown.publicMessage).toMatch(/Unknown column 'nothing'/)
    expect(unknown.query).toEqual({
      databaseCode: '1054 (42S22)',
      position: null,
      hint: 'DESCRIBE a table to see its columns.',
    })
    expect((await ask('SELECT * FROM nowhere')).query).toMatchObject({ databaseCode: '1146 (42S02)' })
  })

  it('say where and why the hub refuses', async () => {
    const error = await ask("SELECT '🙂', SLEEP(3)")
    expect(error.publicMessage).toBe('SLEEP() is not allowed. It can hold the server up.')
    expect(error.query).toEqual({ databaseCode: null, position: 13, hint: null })
  })

  it('name no login, host or file', async () => {
    const queries = [
      'SELECT * FROM elsewhere.secrets',
      'SHOW CREATE VIEW elsewhere.v',
      "SELECT EXTRACTVALUE(1, '/x/[')",
    ]
    const errors = await Promise.all(queries.map((query) => ask(query)))
    const text = errors
      .map((error) => `${error.publicMessage} ${JSON.stringify(error.query)} ${error.message}`)
      .join('\n')
    expect(text).not.toMatch(new RegExp(`${reader.username}|${reader.password}|127\\.0\\.0\\.1|/tmp/|/var/`))
    expect(text).toMatch(/denied/)
  })

  it('tell the visitor nothing of a session that could not be opened', async () => {
    const logins = [
      { ...reader, password: 'wrong-secret' },
      { ...reader, username: 'nobody' },
      { ...reader, database: 'elsewhere' },
    ]
    for (const login of logins) {
      const error = await errorOf(runMysql(connectionTo(db.port, { login }), 'SELECT 1'))
      expect(error.code).toBe('query.unavailable')
      expect(error.publicMessage).not.toMatch(/denied|unknown|nobody|elsewhere/i)
      expect(error.message).not.toMatch(/wrong-secret|'nobody'|127\.0\.0\.1/)
    }
  })

  it('roll a failed write back', async () => {
    const connection = connectionTo(db.port, { login: writer })
    const query = "INSERT INTO t3 (a, b) VALUES (70, 'x'), (71, 'y'), (1, 'again')"
    const error = await errorOf(runMysql(connection, query, { rules: { allowWrites: true } }))
    expect(error.query?.databaseCode).toBe('1062 (23000)')
    expect(await db.admin('SELECT * FROM shop.t3 WHERE a >= 70')).toEqual([])
  })
})
