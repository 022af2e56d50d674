import { describe, expect, it } from 'vitest'
import { checkSize } from './check-size.ts'
import { tokenizeSql } from './tokenize-sql.ts'

const repeat = (text: string, times: number, between = ''): string => Array(times).fill(text).join(between)
const check = (sql: string) => () => checkSize(tokenizeSql(sql))

// Guarantee: no text of 10,000 characters keeps the hub's parser, and so every visitor, waiting.
describe('the size of a statement', () => {
  it.each([
    ['joins', `SELECT 1 FROM t ${repeat('JOIN t', 61, ' ')}`, 'more than 61 tables in joins'],
    ['other joins', `SELECT 1 FROM t ${repeat('STRAIGHT_JOIN t', 61, ' ')}`, 'more than 61 tables in joins'],
    ['nesting', `SELECT ${repeat('(', 101)}1${repeat(')', 101)}`, 'more than 100 nested parentheses'],
    ['length', `SELECT ${repeat('1', 2_600, ',')}`, 'more than 5000 words and signs'],
  ])('refuses %s beyond what anybody writes', (_what, sql, why) => {
    expect(check(sql)).toThrow(
      expect.objectContaining({ code: 'query.refused', publicMessage: expect.stringContaining(why) }),
    )
  })

  it.each([
    `SELECT 1 FROM t ${repeat('JOIN t', 60, ' ')}`,
    `SELECT ${repeat('(', 100)}1${repeat(')', 100)}`,
    `SELECT 1 WHERE 1 IN (${repeat('1', 2_000, ',')})`,
  ])('takes what somebody might', (sql) => {
    expect(check(sql)).not.toThrow()
  })
})
