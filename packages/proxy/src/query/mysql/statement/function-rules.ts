import { knownFunctions, refusedFunctions, unevenFunctions } from './known-functions.ts'
import { closingParenthesis, isName, isSymbol, isWord, type SqlToken, type SqlTokens } from './sql-token.ts'
import { refuseAt } from './tokenize-sql.ts'

/** Reserved words that a parenthesis follows without being a call, and the types that CAST and JSON_TABLE name. */
const wordsBeforeParenthesis: ReadonlySet<string> = new Set(
  `ALL AND ANY AS BETWEEN BY CASE DESC DESCRIBE DISTINCT DISTINCTROW DIV ELSE END ESCAPE EXCEPT EXPLAIN FORCE FROM GROUP HAVING IGNORE IN INDEX INTERSECT
  INTO IS JOIN KEY LIKE LIMIT MINUS NOT OFFSET ON OR ORDER OVER PARTITION PARTITIONS REGEXP RETURNING RLIKE SELECT SET SOME
  STRAIGHT_JOIN THEN UNION USE USING WHEN WHERE WITH XOR COLUMNS PATH LATERAL
  BIGINT BIT BLOB DATETIME DEC DECIMAL DOUBLE FLOAT INT INTEGER MEDIUMINT NCHAR NUMERIC NVARCHAR REAL SMALLINT TEXT TINYINT
  VARBINARY VARCHAR`
    .trim()
    .split(/\s+/),
)

export interface CheckedCalls {
  /** Functions that only one kind of server knows, in capitals. */
  readonly uneven: readonly string[]
  /** The statement with each parenthesis right behind its function: with a gap, COUNT (x) would be a stored function. */
  readonly sql: string
}

/** Throws for any call of a function that is not known. */
export function checkFunctions(query: string, { tokens, sql }: SqlTokens): CheckedCalls {
  const uneven = new Set<string>()
  const text = sql.split('')
  tokens.forEach((token, at) => {
    if (!isName(token) || !isSymbol(tokens[at + 1], '(') || isColumnList(tokens, at)) return
    checkCall(query, tokens, at)
    if (unevenFunctions.has(token.text)) uneven.add(token.text)
    if (knownFunctions.has(token.text)) moveParenthesis(text, token.end, tokens[at + 1]!.start)
  })
  return { uneven: [...uneven], sql: text.join('') }
}

function moveParenthesis(text: string[], to: number, from: number): void {
  if (to === from) return
  text.copyWithin(to + 1, to, from)
  text[to] = '('
}

function checkCall(query: string, tokens: readonly SqlToken[], at: number): void {
  const token = tokens[at]!
  if (isSymbol(tokens[at - 1], '.') || token.kind === 'name') {
    refuseAt(query, token.start, 'Stored functions cannot be called: they can write.')
  }
  if (wordsBeforeParenthesis.has(token.text) || knownFunctions.has(token.text)) return
  const reason = refusedFunctions.get(token.text)
  if (reason !== undefined) refuseAt(query, token.start, `${token.text}() is not allowed. ${reason}`)
  refuseAt(
    query,
    token.start,
    `${token.text}() is no function that can be called here. Stored functions cannot be: they can write.`,
  )
}

/** `WITH c(a) AS (…)`, `(…) d(a, b)`, `CAST(x AS CHAR(3))`, `INSERT INTO t(a)`: names with a list, where no call can stand. */
function isColumnList(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1]
  if (isSymbol(before, ')') || isWord(before, 'AS') || isInsertTarget(tokens, at)) return true
  const close = closingParenthesis(tokens, at + 1)
  return isWord(tokens[close + 1], 'AS') && isSymbol(tokens[close + 2], '(')
}

function isInsertTarget(tokens: readonly SqlToken[], at: number): boolean {
  const start = isSymbol(tokens[at - 1], '.') ? at - 2 : at
  return start <= 4 && isWord(tokens[0], 'INSERT') && isWord(tokens[start - 1], 'INTO', 'INSERT', 'IGNORE')
}
