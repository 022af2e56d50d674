import { AppError } from '@private-connect/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkStatement } from './check-statement.ts'

const readOnly = { allowWrites: false, maskedColumns: [], allowPrivilegedRole: false }

async function refusalOf(query: string, allowWrites = false): Promise<AppError> {
  const outcome = await checkStatement({ query, params: [] }, { ...readOnly, allowWrites }).catch(
    (error: unknown) => error,
  )
  if (outcome instanceof AppError) return outcome
  throw new Error(`${query} was let through`)
}

describe('what a refusal says', () => {
  it.each([
    ['DELETE FROM t', 'DELETE is refused: this share can only read.', 1],
    ['LOCK TABLE t', 'LOCK is not allowed by a share.', 1],
    ['DROP ROLE r', 'DROP ROLE is not allowed by a share.', 1],
    ["SELECT 1, pg_read_file('x')", 'This share does not allow the function pg_read_file.', 11],
    ["SELECT '名😀', nextval('s')", 'This share does not allow the function nextval.', 14],
    ['SELECT 1;\n  SELECT 2', 'Send one statement at a time; there is a second one.', 13],
    [
      'SELECT * FROM t FOR UPDATE',
      'This share does not allow FOR UPDATE and FOR SHARE, which lock rows.',
      null,
    ],
    ['SELECT * INTO x FROM t', 'This share does not allow SELECT INTO, which creates a table.', 15],
    ["SELECT 'é', FROM t", 'This is not SQL that PostgreSQL reads: syntax error at or near "FROM".', 13],
    ['', 'There is no statement in this query.', null],
    ['-- nothing', 'There is no statement in this query.', null],
    ['EXPLAIN ANALYZE DELETE FROM t', 'EXPLAIN ANALYZE would execute the DELETE.', null],
  ])('%s', async (query, publicMessage, position) => {
    expect(await refusalOf(query)).toMatchObject({
      code: 'query.refused',
      publicMessage,
      query: { position, databaseCode: null },
    })
  })
})

describe('what is let through', () => {
  it('takes a byte order mark off, as editors put it there', async () => {
    const { text } = await checkStatement({ query: '\uFEFFSELECT 1', params: [] }, readOnly)
    expect(text).toBe('SELECT 1')
  })

  it.each([
    'INSERT INTO t VALUES (1)',
    'UPDATE t SET a = 1 RETURNING *',
    'WITH x AS (SELECT 1) DELETE FROM t',
  ])('takes %s where writes are allowed, and only there', async (query) => {
    const checked = await checkStatement({ query, params: [] }, { ...readOnly, allowWrites: true })
    expect(checked.kind).toBe('write')
    expect((await refusalOf(query)).code).toBe('query.refused')
  })

  it.each([
    'TRUNCATE t',
    'MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE',
    'WITH x AS (DELETE FROM t RETURNING 1) INSERT INTO t SELECT * FROM x',
    'WITH x AS (INSERT INTO t VALUES (1) RETURNING 1) SELECT * FROM x',
    "INSERT INTO t VALUES (pg_read_file('x'))",
    "UPDATE t SET a = nextval('s')",
    'DELETE FROM t WHERE CURRENT OF c',
    'INSERT INTO t VALUES (1); DELETE FROM t',
    'INSERT INTO t SELECT * FROM u FOR UPDATE',
    'EXPLAIN ANALYZE INSERT INTO t VALUES (1)',
    'CREATE TABLE t (a int)',
    'COPY t FROM STDIN',
  ])('refuses %s even there', async (query) => {
    expect((await refusalOf(query, true)).code).toBe('query.refused')
  })
})

describe('texts that exhaust a parser', () => {
  it.each([
    ['sums', `SELECT 1${'+1'.repeat(4_900)}`],
    ['calls', `SELECT ${'f('.repeat(3_300)}1${')'.repeat(3_300)}`],
    ['subqueries', `SELECT ${'(select '.repeat(1_100)}1${')'.repeat(1_100)}`],
    ['negations', `SELECT ${'not '.repeat(2_400)}true`],
    ['casts', `SELECT 1${'::int'.repeat(1_900)}`],
    ['parentheses', `SELECT ${'('.repeat(4_900)}1${')'.repeat(4_900)}`],
  ])('are refused or checked in full, and the next query is parsed as ever: %s', async (_what, query) => {
    const outcome = await checkStatement({ query, params: [] }, readOnly).catch((error: unknown) => error)
    expect(outcome instanceof AppError ? outcome.code : 'checked').toMatch(/^(query\.refused|checked)$/)
    expect((await refusalOf('SELECT 1; SELECT 2')).publicMessage).toContain('one statement at a time')
    expect((await refusalOf("SELECT setval('s', 1)")).publicMessage).toContain('setval')
  })

  it('throws nothing but refusals, whatever the text', async () => {
    const words = fc.constantFrom(
      ...'SELECT FROM WHERE ( ) , ; * :: $1 $$ \' " -- /* */ WITH x AS INSERT INTO ledger VALUES 1 UNION U&"a" E\'\\\\ [ ] := => IN'.split(
        ' ',
      ),
    )
    const texts = fc.oneof(
      fc.array(words, { maxLength: 30 }).map((parts) => parts.join(' ')),
      fc.string({ unit: 'binary' }).map((text) => text.toWellFormed().replaceAll('\0', '')),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (query) => {
        const outcome = await checkStatement({ query, params: [] }, readOnly).catch((error: unknown) => error)
        expect(outcome instanceof Error ? (outcome as AppError).code : 'query.refused').toBe('query.refused')
      }),
      { numRuns: 500 },
    )
  })
})
