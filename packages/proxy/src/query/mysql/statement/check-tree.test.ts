import { describe, expect, it } from 'vitest'
import { checkTree } from './check-tree.ts'
import { tokenizeSql } from './tokenize-sql.ts'

/** Guarantee: the tree alone refuses what the rules on words refuse, so that a hole in one of them is none in both. */
const read = (query: string, form: 'select' | 'write' | 'explain' = 'select'): Promise<void> =>
  checkTree(query, tokenizeSql(query).tokens, form)

describe('checkTree', () => {
  it.each([
    'DROP TABLE users',
    'DELETE FROM users',
    'UPDATE users SET name = 1',
    'INSERT INTO users VALUES (1)',
    'CREATE TABLE stolen (a INT)',
    'ALTER TABLE users ADD x INT',
    'TRUNCATE TABLE users',
    'SELECT 1 INTO stolen',
    'SELECT * FROM users FOR UPDATE',
    'SELECT * FROM (SELECT * FROM users FOR UPDATE) x',
    'SELECT SLEEP(1)',
    'SELECT 1 FROM users WHERE id = (SELECT LOAD_FILE(1))',
    'SELECT NEXT VALUE FOR numbers',
    'CALL wipe()',
    'SET x = 1',
    'LOCK TABLES users WRITE',
    'USE mysql',
    'COMMIT',
    'KILL 1',
    'GRANT ALL ON shop TO reader',
    'SELECT 1 FROM',
    'SELECT (1',
    `SELECT ${'('.repeat(2_000)}1${')'.repeat(2_000)}`,
    `SELECT ${'1+'.repeat(4_000)}1`,
  ])('refuses %s', async (query) => {
    await expect(read(query)).rejects.toMatchObject({ code: 'query.refused' })
  })

  it.each(['SELECT 1', 'UPDATE users, orders SET name = 1', 'DROP TABLE users', 'CALL wipe()'])(
    'refuses as a write: %s',
    async (query) => {
      await expect(read(query, 'write')).rejects.toMatchObject({ code: 'query.refused' })
    },
  )

  it.each(['EXPLAIN SELECT SLEEP(1)', 'EXPLAIN SELECT * FROM users FOR UPDATE'])(
    'reads behind it: %s',
    async (query) => {
      await expect(read(query, 'explain')).rejects.toMatchObject({ code: 'query.refused' })
    },
  )

  it('reads on after a statement that is too deep', async () => {
    await read(`SELECT ${'('.repeat(3_000)}1`).catch(() => {})
    await expect(read('SELECT 1')).resolves.toBeUndefined()
  })
})
