import { refuseQuery } from '../../query-errors.ts'
import type { SqlToken, SqlTokens } from './sql-token.ts'

/**
 * Reads a statement as the server does with `sql_mode` and character set as `session-settings.ts` sets them: `"` quotes
 * a string, a backslash escapes, the text is UTF-8. It refuses whatever servers or versions could read in two ways:
 * version comments, nested comments, `--1`, names that begin with a digit, braces, user variables, a second statement.
 */
export function tokenizeSql(query: string): SqlTokens {
  const tokens: SqlToken[] = []
  const sql = query.split('')
  const blank = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) if (sql[at] !== '\n') sql[at] = ' '
  }
  let at = 0
  // An editor's byte order mark.
  if (query.startsWith('\uFEFF')) blank(0, (at = 1))
  let isOver = false
  while (at < query.length) {
    const gapEnd = skipGap(query, at)
    if (gapEnd > at) {
      blankComments(query, { from: at, to: gapEnd }, blank)
      at = gapEnd
    } else if (query[at] === ';') {
      isOver = true
      blank(at, (at += 1))
    } else {
      if (isOver) refuseAt(query, at, 'Only one statement can be sent at a time.')
      const token = readToken(query, at)
      tokens.push(token)
      at = token.end
    }
  }
  if (tokens.length === 0) throw refuseQuery('The query is empty.')
  return { tokens, sql: sql.join('') }
}

/** A place in UTF-16 code units as the number of its character, from 1. */
export function characterAt(query: string, index: number): number {
  return Array.from(query.slice(0, index)).length + 1
}

interface Refusal {
  readonly sentence: string
  readonly hint: string
}

/** Never returns: throws the refusal with the place, counted in characters from 1. */
export function refuseAt(query: string, index: number, reason: string | Refusal): never {
  const { sentence, hint } = typeof reason === 'string' ? { sentence: reason, hint: null } : reason
  throw refuseQuery(sentence, { position: characterAt(query, index), hint })
}

const gap = /[ \t\r\n]+|#[^\n]*|--(?=[ \t\r\n]|$)[^\n]*|\/\*/y

/** Where whitespace or one comment ends; `at` itself when there is neither. */
function skipGap(query: string, at: number): number {
  const found = match(gap, query, at)
  if (found === null) return at
  return found === '/*' ? commentEnd(query, at) : at + found.length
}

function commentEnd(query: string, at: number): number {
  const body = at + 2
  if (query[body] === '!' || /^m!/i.test(query.slice(body, body + 2))) {
    refuseAt(query, at, 'Comments that the server runs as code (/*! … */ and /*M! … */) are not allowed.')
  }
  const end = query.indexOf('*/', body)
  if (end === -1) refuseAt(query, at, 'This comment is not closed.')
  if (query.slice(body, end).includes('/*')) refuseAt(query, at, 'A comment inside a comment is not allowed.')
  return end + 2
}

function blankComments(
  query: string,
  { from, to }: { from: number; to: number },
  blank: (from: number, to: number) => void,
): void {
  if (query[from]?.trim() !== '') blank(from, to)
}

const nameCharacter = '[A-Za-z0-9_$\\u0080-\\uFFFF]'
const number = new RegExp(
  `(?:0x[0-9a-fA-F]+|0b[01]+|[0-9]+(?:\\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\\.[0-9]+(?:[eE][+-]?[0-9]+)?)(?!${nameCharacter})`,
  'y',
)
const word = new RegExp(`${nameCharacter}+`, 'y')
const radixString = /[xX]'(?:[0-9a-fA-F]{2})*'|[bB]'[01]*'/y
const systemVariable = /@@[A-Za-z_][A-Za-z0-9_.$\u0080-\uFFFF]*/y
const symbol = /<=>|->>|->|<<|>>|<=|>=|<>|!=|&&|\|\||[(),.+\-*/%=<>!~&|^]/y

function readToken(query: string, at: number): SqlToken {
  const first = query[at]!
  if (first === "'" || first === '"') return { kind: 'string', ...span(query, at, stringEnd(query, at)) }
  if (first === '`') return readQuotedName(query, at)
  if (first === '?') return { kind: 'placeholder', ...span(query, at, at + 1) }
  if (query.startsWith('\\N', at)) return { kind: 'null', ...span(query, at, at + 2) }
  return readNumberOrWord(query, at) ?? readSymbol(query, at)
}

function readNumberOrWord(query: string, at: number): SqlToken | null {
  const digits = match(number, query, at)
  // `t.5`: behind a name the dot is no decimal point.
  if (digits?.startsWith('.') && at > 0 && /[`\w$\u0080-\uFFFF]/.test(query[at - 1]!)) {
    refuseAt(query, at, 'Write names that begin with a digit in backquotes.')
  }
  if (digits !== null) return { kind: 'number', ...span(query, at, at + digits.length) }
  const text = match(word, query, at)
  if (text === null) return null
  if (/^[0-9]/.test(text)) refuseAt(query, at, 'Write names that begin with a digit in backquotes.')
  if (query[at + text.length] === "'" && /^[xb]$/i.test(text)) return readRadixString(query, at)
  return { kind: 'word', text: upper(text), start: at, end: at + text.length }
}

function readRadixString(query: string, at: number): SqlToken {
  const text = match(radixString, query, at)
  if (text === null) refuseAt(query, at, 'This is no hexadecimal or bit string.')
  return { kind: 'string', ...span(query, at, at + text.length) }
}

function readSymbol(query: string, at: number): SqlToken {
  const variable = match(systemVariable, query, at)
  if (variable !== null) return { kind: 'variable', ...span(query, at, at + variable.length) }
  if (query[at] === '@')
    refuseAt(query, at, 'User variables are not allowed: nothing lasts from query to query.')
  if (query.startsWith(':=', at)) refuseAt(query, at, 'Assigning a variable is not allowed.')
  if (query.startsWith('--', at)) {
    refuseAt(query, at, 'Write a space behind -- for a comment, or between two minus signs.')
  }
  const text = match(symbol, query, at)
  if (text === null) refuseAt(query, at, 'The server knows no such character outside of a string.')
  return { kind: 'symbol', ...span(query, at, at + text.length) }
}

function readQuotedName(query: string, start: number): SqlToken {
  let at = start + 1
  for (; at < query.length; at += 1) {
    if (query[at] !== '`') continue
    if (query[at + 1] !== '`') break
    at += 1
  }
  if (at >= query.length) refuseAt(query, start, 'This name is not closed.')
  const text = query.slice(start + 1, at).replaceAll('``', '`')
  if (text === '') refuseAt(query, start, 'This name is empty.')
  return { kind: 'name', text, start, end: at + 1 }
}

/** Behind the closing quote; a backslash takes the next character with it, a doubled quote is one of the string's own. */
function stringEnd(query: string, start: number): number {
  const quote = query[start]!
  for (let at = start + 1; at < query.length; at += 1) {
    if (query[at] === '\\') at += 1
    else if (query[at] === quote) {
      if (query[at + 1] !== quote) return at + 1
      at += 1
    }
  }
  return refuseAt(query, start, 'This string is not closed.')
}

function match(pattern: RegExp, query: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(query)?.[0] ?? null
}

function span(query: string, start: number, end: number): { text: string; start: number; end: number } {
  return { text: query.slice(start, end), start, end }
}

/** ASCII only: `ı` and `ſ` are no letters of a keyword. */
function upper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}
