import { isName, isSymbol, isWord, type SqlToken } from './sql-token.ts'

export interface ParserText {
  readonly text: string
  /** The token that stands at an offset of `text`. */
  readonly tokenAt: (offset: number) => SqlToken | undefined
}

/** Words that say how to run a statement, not what it is; the parser does not know them all. */
const runningWords = new Set(
  `SQL_NO_CACHE SQL_CACHE SQL_CALC_FOUND_ROWS SQL_SMALL_RESULT SQL_BIG_RESULT SQL_BUFFER_RESULT HIGH_PRIORITY
  LOW_PRIORITY QUICK`.split(/\s+/),
)

/**
 * The statement in the parser's own dialect, token by token: without texts and strange names that it could read in
 * another way than the server, and with the few forms that it lacks written otherwise.
 */
export function toParserText(tokens: readonly SqlToken[]): ParserText {
  const pieces: { readonly start: number; readonly token: SqlToken }[] = []
  let text = ''
  tokens.forEach((token, at) => {
    const piece = pieceOf(tokens, at)
    if (piece === '') return
    // A dot binds names: `1 . x` would be something else.
    const isBound = isSymbol(token, '.') || isSymbol(tokens[at - 1], '.')
    text += isBound || text === '' ? '' : ' '
    pieces.push({ start: text.length, token })
    text += piece
  })
  return { text, tokenAt: (offset) => pieces.findLast(({ start }) => start <= offset)?.token }
}

function pieceOf(tokens: readonly SqlToken[], at: number): string {
  const { kind, text } = tokens[at]!
  if (isLeftOut(tokens, at)) return ''
  if (kind === 'word') return pieceOfWord(tokens, at)
  if (kind === 'name') return `\`${plainName(text)}\``
  if (kind === 'string') return "'s'"
  if (kind === 'symbol') return text === '!' ? 'NOT' : text
  if (kind === 'null') return 'NULL'
  return /^[1-9][0-9]*$/.test(text) ? text : '1'
}

function pieceOfWord(tokens: readonly SqlToken[], at: number): string {
  const { text } = tokens[at]!
  // INTO may be left out, but not for the parser.
  if (text === 'INSERT' && at === 0) return 'INSERT INTO'
  if (text === 'DEFAULT' && isSymbol(tokens[at + 1], '(')) return 'COALESCE'
  const isTableStatement = text === 'TABLE' && isName(tokens[at + 1]) && !isSymbol(tokens[at - 1], '.')
  return isTableStatement ? 'SELECT * FROM' : plainName(text)
}

function isLeftOut(tokens: readonly SqlToken[], at: number): boolean {
  const { kind, text } = tokens[at]!
  const [before, next] = [tokens[at - 1], tokens[at + 1]]
  // 'a' 'b' is one string.
  if (kind !== 'word') return kind === 'string' && before?.kind === 'string'
  if (isSymbol(before, '.')) return false
  if (next?.kind === 'string') return isIntroducer(text)
  // VALUES ROW(1), ROW(2), and a row that is compared.
  if (text === 'ROW' && isSymbol(next, '(')) return true
  return runningWords.has(text) || isRunningWord(tokens, at)
}

/** `_utf8mb4'…'` and `N'…'`. */
function isIntroducer(text: string): boolean {
  return text.startsWith('_') || text === 'N' || runningWords.has(text)
}

/** STRAIGHT_JOIN behind SELECT, IGNORE and INTO behind a verb: elsewhere they are a join and an index hint. */
function isRunningWord(tokens: readonly SqlToken[], at: number): boolean {
  if (isWord(tokens[at], 'STRAIGHT_JOIN'))
    return isWord(tokens[at - 1], 'SELECT', 'DISTINCT', 'ALL', 'SQL_NO_CACHE')
  const isWrite = at <= 4 && isWord(tokens[0], 'INSERT', 'UPDATE', 'DELETE')
  return isWrite && isWord(tokens[at], 'IGNORE', 'INTO')
}

function plainName(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) ? text : 'q'
}
