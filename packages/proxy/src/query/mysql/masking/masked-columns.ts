import { isName, isSymbol, isWord, type SqlToken } from '../statement/sql-token.ts'
import { refuseAt } from '../statement/tokenize-sql.ts'
import { foldName, parseMaskedColumns, type MaskedColumn } from './masked-names.ts'
import { readOutputs, type Output } from './select-outputs.ts'
import { assignedNames } from './written-columns.ts'

const hint = 'A masked column can only be selected as it is, in the outermost list of a query.'

/**
 * Refuses every use of a masked column that could tell something of its values: the column, and `*` that contains it,
 * may stand as they are in the outermost list of a query, and as what a write sets; nowhere else in a statement that
 * names its table. What then comes back is masked by the origin that the server reports.
 */
export function checkMaskedColumns(
  query: string,
  tokens: readonly SqlToken[],
  entries: readonly string[],
): MaskedColumn[] {
  const masked = parseMaskedColumns(entries)
  const columns = new Set(masked.map(({ column }) => column))
  const isNamed = (token: SqlToken): boolean => isName(token) && isMaskedTable(masked, token.text)
  const isEverywhere = masked.some(({ table }) => table === '*')
  if (masked.length === 0 || !(isEverywhere || tokens.some(isNamed))) return masked
  // The definition of a table is not its data.
  if (!tokens.some((token) => isWord(token, 'SELECT', 'VALUES', 'TABLE', 'INSERT', 'UPDATE', 'DELETE')))
    return masked
  const outputs = readOutputs(tokens)
  const isExposed = outputs.some((output) => output.isStar || columns.has(foldName(output.column)))
  refuseOtherUses(query, tokens, { columns, outputs })
  if (isExposed) refuseComparingOutputs(query, tokens)
  return masked
}

function isMaskedTable(masked: readonly MaskedColumn[], name: string): boolean {
  const folded = foldName(name)
  return masked.some(({ table }) => table === folded)
}

interface Uses {
  readonly columns: ReadonlySet<string>
  readonly outputs: readonly Output[]
}

/** Names and stars that stand anywhere but in the list of outputs. */
function refuseOtherUses(query: string, tokens: readonly SqlToken[], { columns, outputs }: Uses): void {
  const allowed = new Set([...outputs.flatMap(({ places }) => places), ...assignedNames(tokens)])
  const aliases = outputs
    .filter(({ column }) => columns.has(foldName(column)))
    .map(({ alias }) => foldName(alias))
  const secret = new Set([...columns, ...aliases.filter((alias) => alias !== '')])
  tokens.forEach((token, at) => {
    if (allowed.has(at)) return
    if (isName(token) && secret.has(foldName(token.text))) {
      refuseAt(query, token.start, {
        sentence: `${foldName(token.text)} is masked and cannot be used here.`,
        hint,
      })
    }
    if (isStar(tokens, at))
      refuseAt(query, token.start, { sentence: 'This * contains a masked column.', hint })
    // A forced index gives its rows in its own order.
    if (isWord(token, 'NATURAL', 'TABLE', 'FORCE', 'USE') || isIgnoredIndex(tokens, at)) {
      refuseAt(query, token.start, { sentence: `${token.text} could use a masked column.`, hint })
    }
  })
}

function isIgnoredIndex(tokens: readonly SqlToken[], at: number): boolean {
  return isWord(tokens[at], 'IGNORE') && isWord(tokens[at + 1], 'INDEX', 'KEY')
}

/** `*` for all columns: neither a product nor COUNT(*). */
function isStar(tokens: readonly SqlToken[], at: number): boolean {
  if (!isSymbol(tokens[at], '*')) return false
  const before = tokens[at - 1]
  if (isSymbol(before, '(')) return !(isWord(tokens[at - 2], 'COUNT') && isSymbol(tokens[at + 1], ')'))
  const isProduct =
    before !== undefined && (before.kind !== 'symbol' || isSymbol(before, ')')) && !beginsList(before)
  return !isProduct
}

function beginsList(token: SqlToken): boolean {
  return (
    isWord(
      token,
      'SELECT',
      'DISTINCT',
      'DISTINCTROW',
      'ALL',
      'HIGH_PRIORITY',
      'STRAIGHT_JOIN',
      'RETURNING',
    ) ||
    (token.kind === 'word' && token.text.startsWith('SQL_'))
  )
}

/** Clauses that compare whole outputs, or name them by number, would tell which values are equal or larger. */
function refuseComparingOutputs(query: string, tokens: readonly SqlToken[]): void {
  tokens.forEach((token, at) => {
    if (isWord(token, 'DISTINCT', 'DISTINCTROW', 'UNION', 'EXCEPT', 'INTERSECT', 'MINUS')) {
      refuseAt(query, token.start, { sentence: `${token.text} compares a masked column.`, hint })
    }
    if (isWord(token, 'BY')) refuseNumbers(query, tokens, at + 1)
  })
}

/** `ORDER BY 2`: the second output. */
function refuseNumbers(query: string, tokens: readonly SqlToken[], from: number): void {
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at]!
    if (isWord(token, 'LIMIT', 'HAVING', 'ROWS', 'RANGE', 'WINDOW', 'FETCH', 'OFFSET', 'ORDER')) return
    const isFirst = at === from || isSymbol(tokens[at - 1], ',')
    if (isFirst && token.kind !== 'word' && token.kind !== 'name') {
      refuseAt(query, token.start, {
        sentence: 'With a masked column, order and group by names of other columns.',
        hint,
      })
    }
  }
}
