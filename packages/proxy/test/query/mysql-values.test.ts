import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { QueryConnection } from '../../src/query/index.ts'
import { cleanUp } from '../tunnel/kit/tunnel-rig.ts'
import { tunnelDial } from './kit/ask-engine.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { connectionTo, fillShop, runMysql } from './kit/mysql-database.ts'

/** Guarantee: every value arrives as it is in the database, in JSON that loses nothing; direct and through a tunnel. */
let db: MariaDb

beforeAll(async () => {
  db = await startMariaDb()
  await fillShop(db)
  await db.admin(`
    USE shop; SET time_zone = '+00:00', sql_mode = '';
    CREATE TABLE kinds (id INT PRIMARY KEY, tiny TINYINT, utiny TINYINT UNSIGNED, small SMALLINT, medium MEDIUMINT, big BIGINT,
      ubig BIGINT UNSIGNED, amount DECIMAL(65, 30), f FLOAT, d DOUBLE, bits BIT(12), born YEAR, flag BOOLEAN,
      day DATE, at DATETIME, at6 DATETIME(6), stamp TIMESTAMP NULL, stamp3 TIMESTAMP(3) NULL, span TIME, span6 TIME(6),
      fixed CHAR(5), vary VARCHAR(20), latin VARCHAR(20) CHARACTER SET latin1, body TEXT, bytes VARBINARY(10), raw BINARY(3), bin BLOB,
      pick ENUM('small', 'large'), several SET('a', 'b', 'c'), doc JSON, place POINT, uid UUID, ip INET6);
    INSERT INTO kinds VALUES (1, -128, 255, -32768, -8388608, -9223372036854775808, 18446744073709551615,
      12345678901234567890123456789012345.123456789012345678901234567890, 0.1, 1.7976931348623157e308, b'101010101010', 2024, TRUE,
      '2024-02-29', '2024-02-29 01:02:03', '2024-02-29 01:02:03.000001', '2024-02-29 01:02:03', '2024-02-29 01:02:03.120',
      '-838:59:59', '123:04:05.000007', 'ab', 'Žluťoučký 🐎', 'café', 'line\\nbreak "quoted"', x'00ff10', 'ab', x'', 'large', 'a,c',
      '{"n": 1, "big": 12345678901234567890, "exact": 0.1, "deep": [null, true, {"__proto__": 1.10}]}', POINT(1, -2),
      '123e4567-e89b-12d3-a456-426655440000', '::1'),
      (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
      NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    CREATE TABLE odd (day DATE, at DATETIME, stamp TIMESTAMP NULL, part DATE);
    INSERT INTO odd VALUES ('0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', '2024-02-00');
  `)
})
afterAll(() => db.stop())
afterEach(cleanUp)

const ways: [string, () => Promise<QueryConnection>][] = [
  ['direct', async () => connectionTo(db.port)],
  ['through the tunnel', async () => connectionTo(db.port, { dial: await tunnelDial(db.port) })],
]

describe.each(ways)('values of MySQL, %s', (_way, connect) => {
  it('come as they are, in the order of the columns', async () => {
    const { columns, rows } = await runMysql(await connect(), 'SELECT * FROM kinds ORDER BY id')
    expect(columns.slice(0, 4)).toEqual(['id', 'tiny', 'utiny', 'small'])
    expect({ ...rows[0] }).toEqual({
      id: 1,
      tiny: -128,
      utiny: 255,
      small: -32_768,
      medium: -8_388_608,
      big: '-9223372036854775808',
      ubig: '18446744073709551615',
      amount: '12345678901234567890123456789012345.123456789012345678901234567890',
      f: 0.1,
      d: 1.7976931348623157e308,
      bits: 'Cqo=',
      born: 2024,
      flag: 1,
      day: '2024-02-29',
      at: '2024-02-29T01:02:03',
      at6: '2024-02-29T01:02:03.000001',
      stamp: '2024-02-29T01:02:03Z',
      stamp3: '2024-02-29T01:02:03.120Z',
      span: '-838:59:59',
      span6: '123:04:05.000007',
      fixed: 'ab',
      vary: 'Žluťoučký 🐎',
      latin: 'café',
      body: 'line\nbreak "quoted"',
      bytes: 'AP8Q',
      raw: 'YWIA',
      bin: '',
      pick: 'large',
      several: 'a,c',
      doc: JSON.parse(
        '{"n": 1, "big": "12345678901234567890", "exact": 0.1, "deep": [null, true, {"__proto__": 1.1}]}',
      ) as unknown,
      place: 'AAAAAAEBAAAAAAAAAAAA8D8AAAAAAAAAwA==',
      uid: '123e4567-e89b-12d3-a456-426655440000',
      ip: '::1',
    })
    expect(Object.values(rows[1]!).every((value, at) => (at === 0 ? value === 2 : value === null))).toBe(true)
    expect(Object.keys(rows[1]!)).toEqual(columns)
  })

  it('keep dates that no calendar has', async () => {
    const { rows } = await runMysql(await connect(), 'SELECT * FROM odd')
    expect({ ...rows[0] }).toEqual({
      day: '0000-00-00',
      at: '0000-00-00 00:00:00',
      stamp: '0000-00-00 00:00:00',
      part: '2024-02-00',
    })
  })

  it('keep columns of one name apart, and names that objects have', async () => {
    const query =
      'SELECT 1 AS a, 2 AS a, 3 AS a_2, 4 AS `__proto__`, 5 AS constructor, 6 AS `10`, 7 AS `9`, 8 AS ``'
    const error = await runMysql(await connect(), query).catch((thrown: unknown) => thrown)
    // An empty name is refused; without it everything comes.
    expect(error).toMatchObject({ code: 'query.refused' })
    const { columns, rows } = await runMysql(await connect(), query.replace(', 8 AS ``', ''))
    expect(columns).toEqual(['a', 'a_3', 'a_2', '__proto__', 'constructor', '10', '9'])
    expect(JSON.parse(JSON.stringify(rows[0]))).toEqual(
      JSON.parse('{"9":7,"10":6,"a":1,"a_3":2,"a_2":3,"__proto__":4,"constructor":5}'),
    )
  })

  it('are typed for expressions, too', async () => {
    const query = `SELECT COUNT(*) AS n, SUM(a) AS total, AVG(a) AS mean, 1 = 1 AS truth, 1 / 3 AS third, 1e0 / 3 AS half,
      NULL AS nothing, CONCAT('a', 1) AS text, x'ff' AS bytes, CAST('12:00' AS TIME) AS span, DATE('2024-01-01') AS day FROM t1`
    const { rows } = await runMysql(await connect(), query)
    expect({ ...rows[0] }).toEqual({
      n: '3',
      total: '6',
      mean: '2.0000',
      truth: 1,
      third: '0.3333',
      half: 1 / 3,
      nothing: null,
      text: 'a1',
      bytes: '/w==',
      span: '12:00:00',
      day: '2024-01-01',
    })
  })

  it('are empty when nothing is found, with the columns', async () => {
    const result = await runMysql(await connect(), 'SELECT id, name FROM users WHERE id = 0')
    expect(result).toEqual({ columns: ['id', 'name'], rows: [], rowCount: 0, truncated: false })
  })

  it('take params of every kind', async () => {
    const query =
      'SELECT ? AS n, ? AS text, ? AS truth, ? AS nothing, ? AS json, ? AS list FROM users WHERE id > ? ORDER BY id LIMIT ? OFFSET ?'
    const params = [1.5, "it's 🙂 '; --", true, null, { a: 1 }, [1, 2], 0, 1, 1]
    const { rows } = await runMysql(await connect(), query, { params })
    expect(rows).toEqual([
      expect.objectContaining({
        n: 1.5,
        text: "it's 🙂 '; --",
        truth: 1,
        nothing: null,
        json: '{"a":1}',
        list: '[1,2]',
      }),
    ])
  })

  it('tell the rows that a write changed, and the ones that it returns', async () => {
    const connection = {
      ...(await connect()),
      login: { username: 'writer', password: 'writer-secret', database: 'shop' },
    }
    const write = (query: string) => runMysql(connection, query, { rules: { allowWrites: true } })
    const inserted = await write("INSERT INTO t3 VALUES (50, 'a'), (51, 'b') RETURNING a, b")
    expect([inserted.rowCount, inserted.rows.map((row) => row.a)]).toEqual([2, [50, 51]])
    expect((await write("UPDATE t3 SET b = 'b' WHERE a >= 50")).rowCount).toBe(1)
    const removed = await write('DELETE FROM t3 WHERE a >= 50')
    expect(removed).toEqual({ columns: [], rows: [], rowCount: 2, truncated: false })
  })
})
