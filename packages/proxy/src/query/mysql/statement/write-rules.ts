import { checkReservedWords } from './reserved-words.ts'
import { isName, isSymbol, isWord, type SqlToken } from './sql-token.ts'
import { refuseAt } from './tokenize-sql.ts'

/**
 * One INSERT, UPDATE or DELETE of one table. The words that only these need are allowed once and in their place; for
 * everything behind the target the rules of a query hold.
 */
export function checkWrite(query: string, tokens: readonly SqlToken[]): void {
  const verb = tokens[0]!.text
  const target = targetOf(query, tokens)
  const behind = endOfTable(tokens, target)
  if (target === behind) refuseAt(query, tokens[0]!.start, `${verb} needs the name of one table.`)
  if (verb === 'UPDATE') checkUpdate(query, tokens, behind)
  if (verb === 'DELETE') checkDelete(query, tokens, behind)
  checkRest(query, tokens, behind)
}

/** Index of the target's name, behind the modifiers. */
function targetOf(query: string, tokens: readonly SqlToken[]): number {
  let at = 1
  while (isWord(tokens[at], 'LOW_PRIORITY', 'HIGH_PRIORITY', 'QUICK', 'IGNORE')) at += 1
  if (isWord(tokens[at], 'DELAYED')) refuseAt(query, tokens[at]!.start, 'DELAYED is not allowed.')
  if (isWord(tokens[0], 'INSERT') && isWord(tokens[at], 'INTO')) at += 1
  if (isWord(tokens[0], 'DELETE')) {
    if (!isWord(tokens[at], 'FROM')) refuseOneTable(query, tokens[0]!)
    at += 1
  }
  return at
}

function endOfTable(tokens: readonly SqlToken[], at: number): number {
  if (!isName(tokens[at])) return at
  return isSymbol(tokens[at + 1], '.') && isName(tokens[at + 2]) ? at + 3 : at + 1
}

function checkUpdate(query: string, tokens: readonly SqlToken[], behind: number): void {
  const at = behindAlias(tokens, behind, ['SET'])
  if (!isWord(tokens[at], 'SET')) refuseOneTable(query, tokens[0]!)
}

function checkDelete(query: string, tokens: readonly SqlToken[], behind: number): void {
  const clauses = ['WHERE', 'ORDER', 'LIMIT', 'RETURNING']
  const at = behindAlias(tokens, behind, [...clauses, 'USING'])
  if (tokens[at] !== undefined && !isWord(tokens[at], ...clauses)) refuseOneTable(query, tokens[0]!)
}

function behindAlias(tokens: readonly SqlToken[], behind: number, clauses: readonly string[]): number {
  if (isWord(tokens[behind], 'AS')) return behind + 2
  return isName(tokens[behind]) && !isWord(tokens[behind], ...clauses) ? behind + 1 : behind
}

function refuseOneTable(query: string, verb: SqlToken): never {
  return refuseAt(
    query,
    verb.start,
    `${verb.text} can change one table at a time, named without JOIN or comma.`,
  )
}

/** `ON DUPLICATE KEY UPDATE` and UPDATE's SET have words that a query has not. */
function checkRest(query: string, tokens: readonly SqlToken[], from: number): void {
  const rest = tokens.map((token, at): SqlToken => {
    const isUpsert =
      token.text === 'UPDATE' && isWord(tokens[at - 1], 'KEY') && isWord(tokens[at - 2], 'DUPLICATE')
    const isSet = token.text === 'SET' && isFirstSet(tokens, at, from)
    return at < from || (token.kind === 'word' && (isUpsert || isSet)) ? { ...token, text: '' } : token
  })
  checkReservedWords(query, rest)
}

/** SET of `UPDATE t SET` and `INSERT INTO t SET`, but none that comes later. */
function isFirstSet(tokens: readonly SqlToken[], at: number, from: number): boolean {
  return tokens.findIndex((token, index) => index >= from && isWord(token, 'SET')) === at && at <= from + 2
}
