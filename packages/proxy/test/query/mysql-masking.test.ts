import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { QueryResult } from '../../src/query/index.ts'
import { cleanUp } from '../tunnel/kit/tunnel-rig.ts'
import { tunnelDial } from './kit/ask-engine.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { connectionTo, errorOf, fillShop, runMysql, writer } from './kit/mysql-database.ts'

/**
 * Guarantee: a masked column's values never leave the database, nor anything that is computed from, compared with or
 * ordered by them; its other columns can be asked for as ever.
 */
let db: MariaDb

beforeAll(async () => {
  db = await startMariaDb()
  await fillShop(db)
  await db.admin(`USE shop; CREATE VIEW second_view AS SELECT mail FROM mails; CREATE VIEW cities AS SELECT a, b FROM t1;
    CREATE TABLE members (id INT, email VARCHAR(50), shout VARCHAR(50) AS (UPPER(email)) VIRTUAL, twice INT AS (id * 2) STORED);
    INSERT INTO members (id, email) VALUES (1, 'ada@example.com');
    CREATE TABLE customers (id INT, email VARCHAR(50)); INSERT INTO customers VALUES (1, 'open@example.com')`)
})
afterAll(() => db.stop())
afterEach(cleanUp)

const maskedColumns = ['users.email']
const ask = (query: string, masked: readonly string[] = maskedColumns): Promise<QueryResult> =>
  runMysql(connectionTo(db.port), query, { rules: { maskedColumns: masked } })

/** What no answer may contain. */
const secrets = /ada@|bob@|zofie@/

describe('a masked column of MySQL', () => {
  it.each([
    'SELECT email FROM users',
    'SELECT * FROM users',
    'SELECT users.* FROM users',
    'SELECT u.*, o.amount FROM users u JOIN orders o ON o.user_id = u.id ORDER BY o.amount DESC',
    'SELECT u.email AS id FROM shop.users AS u WHERE u.name LIKE "%a%" ORDER BY u.name',
    'SELECT `EMAIL` e, name n FROM `users` GROUP BY name',
    "SELECT email 'address' FROM users LIMIT 2",
    'SELECT email, COUNT(*) FROM users GROUP BY city ORDER BY city',
    'SELECT SQL_NO_CACHE email FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.id)',
    'WITH big AS (SELECT user_id FROM orders) SELECT u.email FROM users u JOIN big ON big.user_id = u.id',
    'SELECT email FROM users ORDER BY LENGTH(name), id DESC',
  ])('comes back masked: %s', async (query) => {
    const result = await ask(query)
    expect(result.rowCount).toBeGreaterThan(0)
    expect(JSON.stringify(result.rows)).not.toMatch(secrets)
    expect(JSON.stringify(result.rows)).toContain('***')
  })

  it('comes back masked through the tunnel', async () => {
    const connection = connectionTo(db.port, { dial: await tunnelDial(db.port) })
    const result = await runMysql(connection, 'SELECT * FROM users', { rules: { maskedColumns } })
    expect(result.rows[0]).toEqual(expect.objectContaining({ email: '***', name: 'Ada' }))
  })

  it.each([
    "SELECT name FROM users WHERE email LIKE 'a%'",
    "SELECT name FROM users WHERE `email` = 'ada@example.com'",
    "SELECT name FROM users WHERE EMAÏL = 'x'",
    'SELECT name FROM users ORDER BY email',
    'SELECT name FROM users GROUP BY email',
    'SELECT name FROM users HAVING MAX(email) > 1',
    'SELECT email FROM users ORDER BY 1',
    'SELECT id, email FROM users ORDER BY id, 2',
    'SELECT email AS e FROM users ORDER BY e',
    "SELECT email 'e' FROM users ORDER BY e",
    "SELECT email 'a\\e' FROM users ORDER BY ae",
    'SELECT email, COUNT(*) FROM users GROUP BY 1',
    'SELECT DISTINCT email FROM users',
    'SELECT UPPER(email) FROM users',
    'SELECT (email) FROM users',
    "SELECT CONCAT(email, '') FROM users",
    'SELECT email COLLATE utf8mb4_bin FROM users',
    'SELECT email = 1 FROM users',
    'SELECT -email FROM users',
    'SELECT MAX(email), MIN(users.email) FROM users',
    'SELECT GROUP_CONCAT(email) FROM users',
    'SELECT JSON_ARRAYAGG(email) FROM users',
    'SELECT COUNT(DISTINCT email) FROM users',
    'SELECT CASE WHEN email IS NULL THEN 1 END FROM users',
    'SELECT ROW_NUMBER() OVER (ORDER BY email) FROM users',
    'SELECT name, LAG(email) OVER (ORDER BY id) FROM users',
    'SELECT m FROM (SELECT email AS m FROM users) d',
    'SELECT * FROM (SELECT * FROM users) d',
    'SELECT d.c FROM (SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d, 5 AS e UNION ALL SELECT * FROM users) d',
    'WITH d AS (SELECT email FROM users) SELECT * FROM d',
    'WITH d (a, b, c, d, e) AS (SELECT * FROM users) SELECT c FROM d',
    'SELECT email FROM users UNION SELECT 1',
    'SELECT name FROM users UNION ALL SELECT email FROM users',
    '(SELECT email FROM users)',
    '(SELECT * FROM users) UNION ALL (SELECT * FROM users)',
    'SELECT (SELECT email FROM users LIMIT 1)',
    'SELECT name FROM users WHERE (SELECT email FROM users LIMIT 1) IS NOT NULL',
    'SELECT 1 FROM users WHERE (id, name, email, city, created) = (1, 2, 3, 4, 5)',
    'SELECT 1 FROM orders WHERE (1, 2, 3, 4, 5) IN (SELECT * FROM users)',
    'SELECT o.id FROM orders o JOIN users u ON u.email = o.note',
    'SELECT * FROM users JOIN customers USING (email)',
    'SELECT customers.id FROM users NATURAL JOIN customers',
    'SELECT name FROM users u WHERE EXISTS (SELECT * FROM users x WHERE x.email > u.email)',
    "SELECT email ' x' FROM users ORDER BY x",
    "SELECT email AS `x ` FROM users HAVING x LIKE 'a%'",
    "SELECT email AS `🙂` FROM users HAVING `😀` LIKE 'a%'",
    "SELECT email AS ẞ FROM users HAVING ß LIKE 'a%'",
    "SELECT email AS '\u00a0x' FROM users HAVING x LIKE 'a%'",
    'TABLE users',
    'SELECT name FROM users FORCE INDEX (by_mail)',
    'SELECT name FROM users IGNORE INDEX (PRIMARY)',
    'SELECT mail FROM mails',
    'SELECT * FROM shop.mails',
    'SELECT mail FROM second_view',
    'SELECT 1 FROM second_view WHERE mail > 1',
    'SELECT * FROM information_schema.column_statistics',
    'EXPLAIN SELECT * FROM users WHERE email = 1',
  ])('tells nothing by: %s', async (query) => {
    const error = await errorOf(ask(query))
    expect([error.code, error.publicMessage.length > 10]).toEqual(['query.refused', true])
  })

  it.each([
    'SELECT shout FROM members',
    'SELECT * FROM shop.Members m',
    'SELECT id FROM members ORDER BY shout',
  ])('tells nothing by a column that the server computes from it: %s', async (query) => {
    for (const masked of ['members.email', 'email', 'shop.members.email']) {
      expect(await errorOf(ask(query, [masked]))).toMatchObject({ code: 'query.refused' })
    }
  })

  it('can be asked for when what is computed from it is masked too', async () => {
    const masked = ['members.email', 'members.shout']
    const [row] = (await ask('SELECT * FROM members', masked)).rows
    expect(row).toEqual({ id: 1, email: '***', shout: '***', twice: 2 })
    expect(await errorOf(ask('SELECT id FROM members ORDER BY shout', masked))).toMatchObject({
      code: 'query.refused',
    })
    expect((await ask('SELECT shout FROM members', ['users.email'])).rowCount).toBe(1)
  })

  it('leaves other columns and tables as they are', async () => {
    expect((await ask('SELECT name, COUNT(*) AS n FROM users GROUP BY name ORDER BY n')).rowCount).toBe(3)
    expect((await ask('SELECT email FROM customers ORDER BY email')).rows[0]).toEqual(
      expect.objectContaining({ email: 'open@example.com' }),
    )
    expect((await ask('SELECT * FROM cities ORDER BY 1')).rowCount).toBe(3)
    expect((await ask('DESCRIBE users')).rowCount).toBe(5)
    expect((await ask("SHOW COLUMNS FROM users LIKE 'email'")).rowCount).toBe(1)
  })

  it('may be named with its schema, in any case, or for every table', async () => {
    for (const masked of ['shop.users.email', 'USERS.Email', '`users`.`email`', 'email']) {
      const result = await ask('SELECT * FROM users', [masked])
      expect(result.rows[0]).toEqual(expect.objectContaining({ email: '***', name: 'Ada' }))
    }
    const other = await ask('SELECT * FROM users', ['elsewhere.users.email'])
    expect(other.rows[0]).toEqual(expect.objectContaining({ email: 'ada@example.com' }))
    for (const query of [
      'SELECT email FROM customers ORDER BY email',
      'SELECT d.c FROM (SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d, 5 AS e UNION ALL SELECT * FROM users) d',
      'SELECT mail FROM mails',
    ]) {
      expect((await errorOf(ask(query, ['email']))).code).toBe('query.refused')
    }
  })

  it('keeps NULL as NULL', async () => {
    const { rows } = await ask('SELECT city FROM users ORDER BY id', ['users.city'])
    expect(rows.map((row) => row.city)).toEqual(['***', '***', null])
  })

  it('can be written, and not be read by writing', async () => {
    const connection = connectionTo(db.port, { login: writer })
    const write = (query: string) =>
      runMysql(connection, query, { rules: { maskedColumns, allowWrites: true } })
    expect((await write("INSERT INTO users (name, email) VALUES ('Eve', 'eve@example.com')")).rowCount).toBe(
      1,
    )
    expect(
      (await write("UPDATE users SET city = 'Rome', email = 'new@example.com' WHERE name = 'Eve'")).rowCount,
    ).toBe(1)
    expect((await write("INSERT INTO users SET name = 'Mallory', email = 'm@example.com'")).rowCount).toBe(1)
    for (const query of [
      'UPDATE users SET name = email',
      "UPDATE users SET name = 'x' WHERE email LIKE 'a%'",
      "UPDATE users SET city = IF(email = 'x', 1, 2), email = 'y'",
      'INSERT INTO t3 (b) SELECT email FROM users',
      'INSERT INTO customers SELECT id, mail FROM mails',
      'INSERT INTO users SELECT * FROM users',
      "DELETE FROM users WHERE email = 'ada@example.com'",
      'DELETE FROM users ORDER BY email LIMIT 1',
      "DELETE FROM users WHERE name = 'Eve' RETURNING *",
      "DELETE FROM users WHERE name = 'Eve' RETURNING email",
    ]) {
      const error = await errorOf(write(query))
      expect([query, error.code]).toEqual([query, 'query.refused'])
    }
  })
})
