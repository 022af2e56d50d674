import {
  closingParenthesis,
  isName,
  isSymbol,
  isWord,
  parenthesisDepths,
  type SqlToken,
} from '../statement/sql-token.ts'

/** Indexes of the names that a write sets: the list behind INSERT's table, and what stands before `=` in SET. */
export function assignedNames(tokens: readonly SqlToken[]): number[] {
  if (isWord(tokens[0], 'INSERT')) return [...insertedNames(tokens), ...setNames(tokens)]
  return isWord(tokens[0], 'UPDATE') ? setNames(tokens) : []
}

function insertedNames(tokens: readonly SqlToken[]): number[] {
  const open = tokens.findIndex((token) => isSymbol(token, '('))
  const isList =
    open > 0 && isName(tokens[open - 1]) && !isWord(tokens[open - 1], 'VALUES', 'VALUE', 'SELECT')
  if (!isList || open > 7) return []
  const close = closingParenthesis(tokens, open)
  const list = tokens.slice(open + 1, close)
  // Names, dots and commas: anything else is no list of columns.
  const isPlain = list.every((token) => isName(token) || isSymbol(token, ',') || isSymbol(token, '.'))
  return isPlain ? list.map((_, index) => open + 1 + index) : []
}

function setNames(tokens: readonly SqlToken[]): number[] {
  const depths = parenthesisDepths(tokens)
  const set = tokens.findIndex((token) => isWord(token, 'SET'))
  if (set === -1) return []
  const isEnd = (token: SqlToken, at: number): boolean =>
    at > set && depths[at] === 0 && isWord(token, 'WHERE', 'ORDER', 'LIMIT', 'RETURNING')
  const end = tokens.findIndex((token, at) => isEnd(token, at))
  return tokens.flatMap((_, at) => {
    const isInside = at > set && (end === -1 || at < end) && depths[at] === 0
    const begins = at === set + 1 || isSymbol(tokens[at - 1], ',')
    return isInside && begins && isSymbol(tokens[at + 1], '=') ? [at] : []
  })
}
