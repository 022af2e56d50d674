import { isName, isSymbol, isWord, parenthesisDepths, type SqlToken } from '../statement/sql-token.ts'

/** One entry of the outermost list that is nothing but a column, or all of them. */
export interface Output {
  readonly isStar: boolean
  /** The column's name without its table; empty for `*`. */
  readonly column: string
  readonly alias: string
  /** Indexes of its tokens. */
  readonly places: readonly number[]
}

/** The plain entries of the outermost select list; expressions are none of them. */
export function readOutputs(tokens: readonly SqlToken[]): Output[] {
  const depths = parenthesisDepths(tokens)
  const start = outermostList(tokens, depths)
  if (start === null) return []
  const isEnd = (token: SqlToken, at: number): boolean => at >= start && depths[at] === 0 && endsList(token)
  const found = tokens.findIndex((token, at) => isEnd(token, at))
  const end = found === -1 ? tokens.length : found
  const items: number[][] = [[]]
  for (let at = start; at < end; at += 1) {
    if (depths[at] === 0 && isSymbol(tokens[at], ',')) items.push([])
    else items.at(-1)?.push(at)
  }
  return items.flatMap((item) => readOutput(tokens, item) ?? [])
}

const listEnds = [
  'FROM',
  'WHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'WINDOW',
]

function endsList(token: SqlToken): boolean {
  return isWord(token, ...listEnds)
}

/** Behind the first SELECT that is in no parentheses, and behind its modifiers. */
function outermostList(tokens: readonly SqlToken[], depths: readonly number[]): number | null {
  if (!isWord(tokens[0], 'SELECT', 'WITH', 'EXPLAIN', 'DESC', 'DESCRIBE')) return null
  const select = tokens.findIndex((token, at) => depths[at] === 0 && isWord(token, 'SELECT'))
  if (select === -1) return null
  let first = select + 1
  while (isModifier(tokens[first])) first += 1
  return first
}

function isModifier(token: SqlToken | undefined): boolean {
  const isSqlModifier = token?.kind === 'word' && /^SQL_[A-Z_]+$/.test(token.text)
  return isSqlModifier || isWord(token, 'ALL', 'DISTINCT', 'DISTINCTROW', 'HIGH_PRIORITY', 'STRAIGHT_JOIN')
}

function readOutput(tokens: readonly SqlToken[], item: readonly number[]): Output | null {
  const path = pathLength(tokens, item)
  const last = tokens[item[path - 1] ?? -1]
  const [alias, ...more] = item.slice(path).flatMap((at) => (isWord(tokens[at], 'AS') ? [] : [tokens[at]!]))
  if (last === undefined || more.length > 0 || (alias !== undefined && !isAlias(alias))) return null
  if (isSymbol(last, '*'))
    return alias === undefined ? { isStar: true, column: '', alias: '', places: item } : null
  return isName(last) ? { isStar: false, column: last.text, alias: aliasText(alias), places: item } : null
}

function aliasText(alias: SqlToken | undefined): string {
  return alias?.kind === 'string' ? alias.text.slice(1, -1) : (alias?.text ?? '')
}

/** Tokens of `a`, `t.a`, `s.t.a` or those with `*` at the end. */
function pathLength(tokens: readonly SqlToken[], item: readonly number[]): number {
  let length = 1
  while (isSymbol(tokens[item[length] ?? -1], '.') && isName(tokens[item[length - 1] ?? -1])) length += 2
  return Math.min(length, item.length)
}

/** Plain ASCII only: servers cut spaces off an alias, and take emoji or `ẞ` for other letters than they seem. */
function isAlias(token: SqlToken | undefined): boolean {
  if (token?.kind === 'string') return /^(["'])[A-Za-z_]\w*\1$/.test(token.text)
  return isName(token) && /^[A-Za-z_]\w*$/.test(token.text)
}
