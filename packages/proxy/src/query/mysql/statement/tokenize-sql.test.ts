import type { AppError } from '@private-connect/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenizeSql } from './tokenize-sql.ts'

const texts = (query: string): string[] => tokenizeSql(query).tokens.map(({ text }) => text)

function refusalOf(query: string): AppError {
  try {
    tokenizeSql(query)
  } catch (error) {
    return error as AppError
  }
  throw new Error(`${query} was read`)
}

describe('tokenizeSql', () => {
  it('tells words, names, texts, numbers and symbols apart', () => {
    const { tokens } = tokenizeSql(
      "select `a``b`, 'it''s', x'41', .5, @@version, \\N, ? from t_1 where a<=>1",
    )
    expect(tokens.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'word SELECT',
      'name a`b',
      'symbol ,',
      "string 'it''s'",
      'symbol ,',
      "string x'41'",
      'symbol ,',
      'number .5',
      'symbol ,',
      'variable @@version',
      'symbol ,',
      'null \\N',
      'symbol ,',
      'placeholder ?',
      'word FROM',
      'word T_1',
      'word WHERE',
      'word A',
      'symbol <=>',
      'number 1',
    ])
  })

  it('leaves the places of a statement as they are and nothing of its comments', () => {
    const { sql } = tokenizeSql('\uFEFFselect /* a\nb */ 1 -- c\n+ 2 # d\n;  ')
    expect(sql).toBe('       select     \n     1     \n+ 2    \n   '.slice(6))
  })

  it('does not let a comment take the next line with it', () => {
    expect(texts('select 1 --\n, 2 #\n, 3')).toEqual(['SELECT', '1', ',', '2', ',', '3'])
  })

  it.each([
    ['select 1; select 2', 'Only one statement', 11],
    ['select /*! 1 */', 'runs as code', 8],
    ['select /*M!50 1 */', 'runs as code', 8],
    ['select /*m!50 1 */', 'runs as code', 8],
    ['select /* /* */ 1', 'comment inside a comment', 8],
    ['select /* 1', 'not closed', 8],
    ["select '🙂', 'a", 'string is not closed', 13],
    ["select 'a\\'", 'string is not closed', 8],
    ['select `a', 'name is not closed', 8],
    ['select ``', 'name is empty', 8],
    ['select 1--1', 'Write a space behind --', 9],
    ['select @a', 'User variables', 8],
    ['select a:=1', 'Assigning a variable', 9],
    ['select 1a', 'begin with a digit', 8],
    ['select t.1a', 'begin with a digit', 10],
    ["select x'4'", 'hexadecimal', 8],
    ['select {d 1}', 'no such character', 8],
    ['select 1\f', 'no such character', 9],
    [' -- nothing', 'empty', null],
  ])('refuses %j', (query, sentence, position) => {
    const error = refusalOf(query)
    expect(error.publicMessage).toContain(sentence)
    expect(error.query?.position ?? null).toBe(position)
  })

  it('never fails in another way, nor forgets a character that is no space or comment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (query) => {
        const { sent, seen } = sentAndSeen(query)
        expect(sent).toBe(seen)
      }),
      { numRuns: 2_000 },
    )
  })
})

/** What is sent without its spaces, and all tokens; or the codes of a refusal, and of the only one that may be. */
function sentAndSeen(query: string): { sent: string; seen: string } {
  const bare = (text: string): string => text.replaceAll(/[ \t\r\n]/g, '')
  try {
    const { tokens, sql } = tokenizeSql(query)
    return { sent: bare(sql), seen: bare(tokens.map(({ start, end }) => query.slice(start, end)).join('')) }
  } catch (error) {
    return { sent: (error as AppError).code, seen: 'query.refused' }
  }
}
