import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EngineAsker } from './kit/ask-engine.ts'
import { createAsker } from './kit/ask-postgres.ts'
import { flavours, startPostgres, type PostgresServer } from './kit/postgres-server.ts'

// DBQ-13: every type comes back as JSON that loses nothing: what a double cannot hold as text, times as ISO 8601 in UTC,
// bytes as base64, arrays and composites by their parts, in the order of the columns.
describe.each(flavours)('values of %s', (flavour) => {
  let server: PostgresServer
  let ask: EngineAsker
  beforeAll(async () => {
    server = await startPostgres(flavour)
    await server.admin(
      "CREATE ROLE reader LOGIN PASSWORD 'reader-password'; ALTER ROLE reader SET timezone = 'Asia/Kolkata'; ALTER ROLE reader SET datestyle = 'German'; ALTER ROLE reader SET intervalstyle = 'sql_standard'; ALTER ROLE reader SET bytea_output = 'escape'; ALTER ROLE reader SET standard_conforming_strings = off; ALTER ROLE reader SET extra_float_digits = -10",
    )
    await server.admin('CREATE DATABASE app')
    await server.admin(
      `CREATE TYPE mood AS ENUM ('sad', 'so "so"'); CREATE DOMAIN cents AS bigint; CREATE DOMAIN tags AS text[];
       CREATE TYPE part AS (n int8, t text, at timestamptz, m mood[]);
       CREATE TYPE whole AS (p part, ps part[], c cents);
       CREATE TYPE span AS RANGE (subtype = float8)`,
      'app',
    )
    ask = createAsker({ port: server.port })
  })
  afterAll(() => server.stop())

  it.each([
    ['NULL::int', null],
    ['true', true],
    ['false', false],
    ['1::int2', 1],
    ['(-2147483648)::int4', -2_147_483_648],
    ['4294967295::oid', 4_294_967_295],
    ['9007199254740993', '9007199254740993'],
    ['9223372036854775807', '9223372036854775807'],
    ['1::int8', '1'],
    ['0.10', '0.10'],
    ['12345678901234567890.12345678901234567890', '12345678901234567890.12345678901234567890'],
    ["'NaN'::numeric", 'NaN'],
    ["'NaN'::float8", 'NaN'],
    ["'-Infinity'::float4", '-Infinity'],
    ["'-0'::float8", '-0'],
    ['0.1::float8 + 0.2', 0.300_000_000_000_000_04],
    ['1e308::float8', 1e308],
    ['0.1::float4', 0.1],
    ["'12.34'::money", '$12.34'],
    ["'x\ty 名 😀'", 'x\ty 名 😀'],
    ["'a\\b'", 'a\\b'],
    ["'ab'::char(4)", 'ab  '],
    ["'\\xdeadbeef'::bytea", '3q2+7w=='],
    ["''::bytea", ''],
    ["date '2024-02-29'", '2024-02-29'],
    ["date '0044-03-15 BC'", '-000043-03-15'],
    ["date '0001-01-01 BC'", '0000-01-01'],
    ["date '12024-01-01'", '+012024-01-01'],
    ["date 'infinity'", 'infinity'],
    ["timestamp '2024-01-02 03:04:05.123456'", '2024-01-02T03:04:05.123456'],
    ["timestamptz '2024-01-02 03:04:05+05:30'", '2024-01-01T21:34:05Z'],
    ["timestamptz '1890-01-01 00:00:00 Asia/Kolkata'", '1889-12-31T18:38:50Z'],
    ["timestamptz '0044-03-15 12:00:00+00 BC'", '-000043-03-15T12:00:00Z'],
    ["timestamptz '-infinity'", '-infinity'],
    ["timestamp '294276-12-31 23:59:59.999999'", '+294276-12-31T23:59:59.999999'],
    ["time '24:00'", '24:00:00'],
    ["timetz '04:05:06.7+02'", '04:05:06.7+02'],
    ["interval '1 year 2 months -3 days 04:05:06.7'", 'P1Y2M-3DT4H5M6.7S'],
    ["interval '0'", 'PT0S'],
    ["'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ["inet '::1/64'", '::1/64'],
    ["cidr '10.0.0.0/8'", '10.0.0.0/8'],
    ["macaddr '08:00:2b:01:02:03'", '08:00:2b:01:02:03'],
    ["B'101'", '101'],
    ["'<a>&amp;</a>'::xml", '<a>&amp;</a>'],
    ["point '(1,2.5)'", '(1,2.5)'],
    ["circle '<(0,0),1>'", '<(0,0),1>'],
    ["ARRAY[box '((0,0),(1,1))', box '((2,2),(3,3))']", ['(1,1),(0,0)', '(3,3),(2,2)']],
    ["'[1,5)'::int4range", '[1,5)'],
    ["'{[1,2),[5,6)}'::int4multirange", '{[1,2),[5,6)}'],
    ['span(1.5, 2)', '[1.5,2)'],
    ['\'so "so"\'::mood', 'so "so"'],
    ["ARRAY['sad', 'so \"so\"', NULL]::mood[]", ['sad', 'so "so"', null]],
    ['5::cents', '5'],
    ['ARRAY[5, NULL]::cents[]', ['5', null]],
    ['\'{a,"b c"}\'::tags', ['a', 'b c']],
    ['ARRAY[1, NULL, 3]', [1, null, 3]],
    ["'{}'::int[]", []],
    [
      'ARRAY[[1, 2], [3, 4]]',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["'[0:1]={1,2}'::int[]", [1, 2]],
    [
      "ARRAY['a,b', '{c}', 'd\"e\\f', 'NULL', '', NULL, ' g']",
      ['a,b', '{c}', 'd"e\\f', 'NULL', '', null, ' g'],
    ],
    ['ARRAY[9223372036854775807]', ['9223372036854775807']],
    ["ARRAY[timestamptz '2024-01-01 00:00+00']", ['2024-01-01T00:00:00Z']],
    ["ARRAY['\\x00ff'::bytea]", ['AP8=']],
    [
      `'{"a": 12345678901234567890, "b": [0.1, 1e400, 1.50], "c": null}'::json`,
      { a: '12345678901234567890', b: [0.1, '1e400', 1.5], c: null },
    ],
    [`'{"__proto__": 1, "b": "x"}'::jsonb`, JSON.parse('{"__proto__": 1, "b": "x"}')],
    [`ARRAY['{"a": 9007199254740993}'::jsonb]`, [{ a: '9007199254740993' }]],
    [
      "ROW(1, 'a,b', timestamptz '2024-01-01 00:00+00', ARRAY['sad'])::part",
      { n: '1', t: 'a,b', at: '2024-01-01T00:00:00Z', m: ['sad'] },
    ],
    [
      `ROW(ROW(1, 'a"b\\c', NULL, NULL), ARRAY[ROW(2, '(,)', NULL, '{sad,NULL}')::part], 7)::whole`,
      {
        p: { n: '1', t: 'a"b\\c', at: null, m: null },
        ps: [{ n: '2', t: '(,)', at: null, m: ['sad', null] }],
        c: '7',
      },
    ],
    ["ROW(1, NULL, 'x y')", '(1,,"x y")'],
    ["'pg_class'::regclass", 'pg_class'],
    ["to_tsvector('simple', 'b a')", "'a':2 'b':1"],
    ["'1/2'::pg_lsn", '1/2'],
    ["ARRAY[inet '10.0.0.1']", ['10.0.0.1']],
    ["jsonb_path_query_array('[1,2]', '$[*]')", [1, 2]],
  ])('%s', async (expression, wanted) => {
    const { rows } = await ask(`SELECT ${expression} AS v`)
    const json = JSON.parse(JSON.stringify(rows)) as { v: unknown }[]
    expect(json[0]?.v).toEqual(wanted)
  })

  it('keeps the order of columns, and makes repeated names unique', async () => {
    const { columns, rows } = await ask('SELECT 2 AS b, 1 AS a, 3 AS b, 4 AS "__proto__", 5 AS b_2')
    expect(columns).toEqual(['b', 'a', 'b_3', '__proto__', 'b_2'])
    expect(JSON.stringify(rows)).toBe('[{"b":2,"a":1,"b_3":3,"__proto__":4,"b_2":5}]')
  })

  it('answers results without rows and without columns', async () => {
    expect(await ask('SELECT 1 AS a WHERE false')).toEqual({
      columns: ['a'],
      rows: [],
      rowCount: 0,
      truncated: false,
    })
    expect(await ask('SELECT')).toMatchObject({ columns: [], rowCount: 1 })
  })

  it('gives any text, number, bytes and document back as they were', async () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((value) => value.isWellFormed() && !value.includes('\0'))
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          text,
          texts: fc.array(fc.option(text), { minLength: 1 }),
          float: fc.double().filter((value) => !Object.is(value, -0)),
          big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          bytes: fc.uint8Array(),
          document: fc
            .jsonValue()
            .map(
              (value) =>
                JSON.parse(JSON.stringify(value).replaceAll('\\u0000', '').replaceAll('-0', '0')) as unknown,
            ),
          at: fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        }),
        async ({ text, texts, float, big, bytes, document, at }) => {
          const params = [
            text,
            texts,
            String(float),
            String(big),
            Buffer.from(bytes).toString('hex'),
            JSON.stringify(document),
            at.toISOString(),
          ]
          const { rows } = await ask(
            "SELECT $1::text AS t, $2::text[] AS ts, $3::float8 AS f, $4::int8 AS i, decode($5, 'hex') AS b, $6::json AS j, $7::timestamptz AS at, ROW(1, $1, $7, NULL)::part AS p",
            { params },
          )
          const [row] = JSON.parse(JSON.stringify(rows)) as { at: string }[]
          const f = Number.isFinite(float) ? float : String(float)
          expect(row).toMatchObject({
            t: text,
            f,
            ts: texts,
            i: String(big),
            b: Buffer.from(bytes).toString('base64'),
            j: document,
            p: { n: '1', t: text, at: row?.at },
          })
          expect(new Date(row?.at ?? '').getTime()).toBe(at.getTime())
        },
      ),
      { numRuns: 60 },
    )
  })

  it('binds params by the types that the query wants', async () => {
    const { rows } = await ask(
      'SELECT $1 AS a, $2::int + 1 AS b, $3::jsonb AS c, $4::int[] AS d, $5::bool AS e, $6::json AS f, $7::text[] AS g',
      {
        params: [
          'x',
          41,
          [1, { a: null }],
          [1, null, 3],
          true,
          'null',
          [
            ['a', '"'],
            ['b', 'c,'],
          ],
        ],
      },
    )
    expect(rows).toEqual([
      {
        a: 'x',
        b: 42,
        c: [1, { a: null }],
        d: [1, null, 3],
        e: true,
        f: null,
        g: [
          ['a', '"'],
          ['b', 'c,'],
        ],
      },
    ])
  })

  it.each([
    ['SELECT $1, $2', ['x'], 'This query has 2 placeholders, and params has 1 value.'],
    ['SELECT 1', ['x'], 'This query has 0 placeholders, and params has 1 value.'],
    ['SELECT $1::text', ['a\0b'], 'A value in params has a NUL character, which PostgreSQL does not take.'],
  ])('says what is wrong with the params of %s', async (query, params, publicMessage) => {
    await expect(ask(query, { params })).rejects.toMatchObject({ code: 'query.refused', publicMessage })
  })
})

describe('a database in another encoding', () => {
  it('answers texts of LATIN1, and an error for what it cannot hold', async () => {
    const server = await startPostgres('debian-15', { encoding: 'LATIN1' })
    try {
      await server.admin("CREATE ROLE reader LOGIN PASSWORD 'reader-password'")
      await server.admin('CREATE DATABASE app')
      const ask = createAsker({ port: server.port })
      expect((await ask("SELECT 'é' AS \"ü\", octet_length('é') AS n")).rows).toEqual([{ ü: 'é', n: 1 }])
      await expect(ask("SELECT '名'")).rejects.toMatchObject({
        code: 'query.failed',
        query: { databaseCode: '22P05' },
      })
    } finally {
      await server.stop()
    }
  })
})
