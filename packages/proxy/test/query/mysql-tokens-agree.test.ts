import fc from 'fast-check'
import { createConnection, type Connection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultQueryCaps } from '../../src/query/index.ts'
import { sessionSettings } from '../../src/query/mysql/session/session-settings.ts'
import type { SqlToken } from '../../src/query/mysql/statement/sql-token.ts'
import { tokenizeSql } from '../../src/query/mysql/statement/tokenize-sql.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { readCorpus } from './kit/mysql-corpus.ts'
import { fillShop, reader } from './kit/mysql-database.ts'

/**
 * Guarantee: the hub's tokenizer and the server never disagree about where strings, names and comments begin and end.
 * A statement, the same without its comments, and the same put together from its tokens mean one thing to the server.
 */
let db: MariaDb
let connection: Connection

beforeAll(async () => {
  db = await startMariaDb()
  await fillShop(db)
  const { username: user, password, database } = reader
  connection = await createConnection({
    host: '127.0.0.1',
    port: db.port,
    user,
    password,
    database,
    rowsAsArray: true,
  })
  await connection.query(sessionSettings({ isMariaDb: true, kind: 'read', caps: defaultQueryCaps }))
})
afterAll(async () => {
  connection.destroy()
  await db.stop()
})

/** What the server makes of a statement: its values, or the number of its error. */
async function meaningOf(sql: string): Promise<string> {
  try {
    const [rows] = await connection.query(sql)
    return JSON.stringify(rows)
  } catch (error) {
    return `error ${(error as { errno?: number }).errno}`
  }
}

/** The tokens one by one, close together only where that is what they are: names at dots, calls, prefixes of strings. */
function rebuild(query: string, tokens: readonly SqlToken[]): string {
  return tokens
    .map((token, at) => {
      const before = tokens[at - 1]
      const isBound = ['.', '('].includes(token.text) || before?.text === '.' || token.kind === 'string'
      const gap = isBound && before?.end === token.start ? '' : ' '
      return gap + query.slice(token.start, token.end)
    })
    .join('')
}

/** What the server makes of a statement, of the same without comments, and of its tokens; null where the hub refuses it. */
async function meaningsOf(query: string): Promise<string[] | null> {
  let read: ReturnType<typeof tokenizeSql>
  try {
    read = tokenizeSql(query)
  } catch {
    return null
  }
  return [await meaningOf(query), await meaningOf(read.sql), await meaningOf(rebuild(query, read.tokens))]
}

const quotes = `' ' " " \` \\ \\ '' "" \\' \\" \\\\ 'a' "b" 'c' x'41' N'n' b'1'`.split(' ')
const others =
  `-- -- # # /* */ /**/ * / - + a id 1 0x41 1e3 .5 1. . , , ( ) AS NULL \\N 縗 뿯 é 🙂 _utf8mb4 _gbk $ _ ! = < > &&
  || @@version users FROM COUNT ;`.split(/\s+/)
const gaps = [' ', ' ', ' ', '\n', '\n', '\t', '\r', '-- ', '--\t', '/* c */']

describe('the tokenizer of MySQL', () => {
  it(
    'reads any mixture of quotes, comments and escapes as the server does',
    { timeout: 120_000 },
    async () => {
      let accepted = 0
      // To the server a second semicolon at the end is an error; the hub sends what stands before the first, see below.
      const mixture = fc
        .array(fc.constantFrom(...quotes, ...others, ...gaps), { minLength: 1, maxLength: 12 })
        .filter((parts) => parts.filter((part) => part === ';').length < 2)
      await fc.assert(
        fc.asyncProperty(mixture, async (parts) => {
          const meanings = await meaningsOf(`SELECT ${parts.join('')}`)
          if (meanings !== null) accepted += 1
          expect(new Set(meanings).size).toBeLessThanOrEqual(1)
        }),
        { numRuns: 4_000 },
      )
      expect(accepted).toBeGreaterThan(300)
    },
  )

  it.each(['SELECT 1;', 'SELECT 1;;', "SELECT 1;;-- '", 'SELECT 1; /* c */ ;\n;'])(
    'leaves what stands before the semicolons: %j',
    async (query) => {
      const [, sent, tokens] = (await meaningsOf(query)) ?? []
      expect([sent, tokens]).toEqual(['[[1]]', '[[1]]'])
    },
  )

  it('reads literals with anything in them as the server does', { timeout: 120_000 }, async () => {
    const character = fc.oneof(
      fc.constantFrom("'", '"', '`', '\\', '%', '\n', '0', 'Z', '縗', '뿯'),
      fc.string(),
    )
    const text = fc.string({ unit: character, maxLength: 8 }).filter((value) => !value.includes('\0'))
    const quoted = fc.tuple(text, fc.constantFrom("'", '"')).map(([value, quote]) => quote + value + quote)
    await fc.assert(
      fc.asyncProperty(fc.array(quoted, { minLength: 1, maxLength: 4 }), async (literals) => {
        const meanings = await meaningsOf(`SELECT ${literals.join(' /* , */ ,-- x\n')}`)
        expect(new Set(meanings).size).toBeLessThanOrEqual(1)
      }),
      { numRuns: 1_000 },
    )
  })

  it('reads the corpus as the server does', async () => {
    const changing = /NOW|UUID|CURRENT|SYSDATE|CUR|UTC|LOCAL|UNIX|RAND|SHOW|ROWS\(\)|information_schema/i
    for (const query of readCorpus('mysql-reads').filter((line) => !changing.test(line))) {
      const meanings = await meaningsOf(query)
      expect({ query, count: new Set(meanings).size }).toEqual({ query, count: 1 })
    }
  })
})
