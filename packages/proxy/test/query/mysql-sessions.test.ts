import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { mysqlEngine } from '../../src/query/mysql/mysql-engine.ts'
import { cleanUp } from '../tunnel/kit/tunnel-rig.ts'
import { readOnly } from './kit/ask-engine.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { connectionTo, errorOf, fillShop, runMysql, writer } from './kit/mysql-database.ts'

/**
 * Guarantee: each query has a session of its own whose settings are the hub's; nothing of it is left for the next one,
 * and nothing that the server or its database sets changes what a statement means.
 */
let db: MariaDb

beforeAll(async () => {
  db = await startMariaDb([
    '--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,IGNORE_SPACE',
    '--character-set-server=gbk',
    '--skip-character-set-client-handshake',
    '--init-connect=SET @left = 1, time_zone = "-07:00", sql_mode = "ANSI_QUOTES"',
  ])
  await db.admin("SET GLOBAL sql_mode = ''; SET sql_mode = ''; SET NAMES utf8mb4")
  await fillShop(db)
  await db.admin("SET GLOBAL sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,IGNORE_SPACE'")
})
afterAll(() => db.stop())
afterEach(cleanUp)

describe('a session with MySQL', () => {
  it('reads statements as the hub does, whatever the server’s modes and character set', async () => {
    const query = `SELECT "text" AS a, 'it\\'s' AS b, 1 || 0 AS c, '縗\\'' AS d, 'a' 'b' AS e, @@sql_mode AS mode, @@character_set_client AS cs, @@time_zone AS zone`
    const { rows } = await runMysql(connectionTo(db.port), query)
    expect({ ...rows[0] }).toMatchObject({
      a: 'text',
      b: "it's",
      c: 1,
      d: "縗'",
      e: 'ab',
      cs: 'utf8mb4',
      zone: '+00:00',
    })
    expect(rows[0]?.mode).not.toMatch(/ANSI_QUOTES|NO_BACKSLASH|PIPES|IGNORE_SPACE/)
  })

  it('only reads unless it is for a write, and takes no files from the client', async () => {
    const query =
      'SELECT @@tx_read_only AS ro, @@autocommit AS auto, @@sql_select_limit AS lim, @@lock_wait_timeout AS waits'
    const { rows } = await runMysql(connectionTo(db.port), query)
    expect({ ...rows[0] }).toEqual({ ro: '1', auto: '0', lim: '1001', waits: '15' })
  })

  it('is one for each query, and ends with it', async () => {
    const ids = new Set<unknown>()
    for (let round = 0; round < 5; round += 1) {
      const { rows } = await runMysql(connectionTo(db.port), 'SELECT CONNECTION_ID() AS id')
      ids.add(rows[0]?.id)
    }
    expect(ids.size).toBe(5)
    await vi.waitFor(async () => {
      expect(await db.admin("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'reader'")).toEqual(
        [],
      )
    }, 5_000)
  })

  it('dials once for a query that ends by itself', async () => {
    let dials = 0
    const connection = connectionTo(db.port, {
      dial: async () => {
        dials += 1
        return connect({ port: db.port, host: '127.0.0.1' })
      },
    })
    await runMysql(connection, 'SELECT 1')
    expect(dials).toBe(1)
  })

  it('calls no stored function by the name of a built-in one, with a gap or on this kind of server', async () => {
    await db.admin(`USE shop; SET sql_mode = '';
      CREATE FUNCTION \`count\`(x INT) RETURNS INT RETURN 4711; CREATE FUNCTION uuid_to_bin(x INT) RETURNS INT RETURN 4711;
      GRANT EXECUTE ON shop.* TO reader`)
    const { rows } = await runMysql(connectionTo(db.port), 'SELECT COUNT /* gap */ \n (1) AS n FROM users')
    expect(rows[0]?.n).toBe('3')
    const error = await errorOf(runMysql(connectionTo(db.port), 'SELECT UUID_TO_BIN(1)'))
    expect(error).toMatchObject({ code: 'query.refused' })
    expect(error.publicMessage).toMatch(/stored function/)
  })

  it('has no option that a service’s record or a query could set', async () => {
    const login = {
      ...writer,
      flags: ['LOCAL_FILES'],
      timezone: '+09:00',
      multipleStatements: true,
      typeCast: false,
    }
    const { rows } = await runMysql(
      connectionTo(db.port, { login }),
      "SELECT TIMESTAMP '2024-01-01 00:00:00' AS at",
    )
    expect(rows[0]?.at).toBe('2024-01-01T00:00:00')
    const checked = await mysqlEngine.check({ query: 'SELECT 1', params: [] }, readOnly)
    expect(Object.keys(checked)).not.toContain('options')
  })
})
