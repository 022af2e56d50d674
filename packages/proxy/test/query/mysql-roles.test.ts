import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mysqlEngine } from '../../src/query/mysql/mysql-engine.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { connectionTo, errorOf, fillShop, reader, runMysql, writer } from './kit/mysql-database.ts'

/**
 * Guarantee: a login that may do more than read and write its own databases is named to its owner when it is saved, and
 * refused at each query unless the owner has confirmed it.
 */
let db: MariaDb

beforeAll(async () => {
  db = await startMariaDb()
  await fillShop(db)
  await db.admin(
    "CREATE USER admin IDENTIFIED BY 'admin-secret'; GRANT ALL PRIVILEGES ON *.* TO admin WITH GRANT OPTION",
  )
})
afterAll(() => db.stop())

const inspect = (username: string, password: string) =>
  mysqlEngine.inspectRole(
    connectionTo(db.port, { login: { username, password, database: null } }),
    new AbortController().signal,
  )

/** A login with these rights and no others. */
async function grant(username: string, ...rights: string[]): Promise<void> {
  await db.admin(
    `CREATE OR REPLACE USER ${username} IDENTIFIED BY 'secret'; ${rights.map((right) => `GRANT ${right};`).join(' ')}`,
  )
}

describe('the rights of a login', () => {
  it('are not too many for a reader and for a writer of its own database', async () => {
    expect(await inspect(reader.username, reader.password)).toEqual({ isPrivileged: false, reason: null })
    expect(await inspect(writer.username, writer.password)).toEqual({ isPrivileged: false, reason: null })
    await grant('viewer', 'SELECT, SHOW DATABASES, SHOW VIEW ON *.* TO viewer')
    expect(await inspect('viewer', 'secret')).toEqual({ isPrivileged: false, reason: null })
  })

  it.each([
    ['SUPER', 'SUPER ON *.* TO odd', /SUPER on all databases/],
    ['FILE', 'FILE ON *.* TO odd', /FILE on all databases/],
    ['SHUTDOWN', 'SHUTDOWN ON *.* TO odd', /SHUTDOWN/],
    ['PROCESS', 'PROCESS ON *.* TO odd', /PROCESS/],
    ['CREATE USER', 'CREATE USER ON *.* TO odd', /CREATE USER/],
    ['RELOAD', 'RELOAD ON *.* TO odd', /RELOAD/],
    ['all rights', 'ALL PRIVILEGES ON *.* TO odd', /ALL PRIVILEGES on all databases/],
    ['writes everywhere', 'INSERT, DELETE ON *.* TO odd', /INSERT on all databases, DELETE on all databases/],
    ['writes to the server’s tables', 'UPDATE ON mysql.* TO odd', /UPDATE on the server’s own tables/],
    ['writes by a pattern', 'DELETE ON `my%`.* TO odd', /DELETE on the server’s own tables/],
    ['a grant option', 'SELECT ON shop.* TO odd WITH GRANT OPTION', /GRANT OPTION/],
  ])('are too many with %s', async (_name, right, reason) => {
    await grant('odd', right)
    const finding = await inspect('odd', 'secret')
    expect(finding.isPrivileged).toBe(true)
    expect(finding.reason).toMatch(reason)
  })

  it('count those of a role that is on', async () => {
    await grant('worker', 'SELECT ON shop.* TO worker')
    await db.admin(
      'CREATE ROLE boss; GRANT FILE ON *.* TO boss; GRANT boss TO worker; SET DEFAULT ROLE boss FOR worker',
    )
    expect(await inspect('worker', 'secret')).toMatchObject({ isPrivileged: true })
  })

  it('are looked at again at each query', async () => {
    const connection = connectionTo(db.port, {
      login: { username: 'admin', password: 'admin-secret', database: 'shop' },
    })
    const error = await errorOf(runMysql(connection, 'SELECT 1'))
    expect(error.code).toBe('query.role_refused')
    const result = await runMysql(connection, 'SELECT 1 AS one', { rules: { allowPrivilegedRole: true } })
    expect(result.rows).toEqual([expect.objectContaining({ one: 1 })])
  })

  it('cannot be looked at with a wrong login, and nobody is told why', async () => {
    const error = await inspect('reader', 'wrong').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'query.unavailable' })
    expect(JSON.stringify(error)).not.toMatch(/reader|wrong|denied/)
  })
})
