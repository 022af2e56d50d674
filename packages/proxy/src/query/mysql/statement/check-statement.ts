import type { CheckedQuery, QueryRequest, QueryRules } from '../../query-engine.ts'
import { refuseQuery } from '../../query-errors.ts'
import { checkSize } from './check-size.ts'
import { checkTree } from './check-tree.ts'
import { checkFunctions } from './function-rules.ts'
import { checkMaskedColumns } from '../masking/masked-columns.ts'
import { foldName, type MaskedColumn } from '../masking/masked-names.ts'
import { checkStatement, type StatementForm } from './statement-rules.ts'
import { isName, isWord, type SqlToken } from './sql-token.ts'
import { tokenizeSql } from './tokenize-sql.ts'

/** A statement that may run, and what of it has yet to be asked of the server. */
export interface CheckedStatement extends CheckedQuery {
  readonly form: StatementForm
  /** The statement without comments: the server is sent nothing that was not checked. */
  readonly sql: string
  /** Calls that are built in on one kind of server, and could be stored functions on the other. */
  readonly unevenFunctions: readonly string[]
  readonly maskedColumns: readonly MaskedColumn[]
  /** All names in the statement, folded: what a catalogue may have to be asked for. */
  readonly names: ReadonlySet<string>
  readonly params: readonly (string | number | boolean | null)[]
}

/** Reads the statement twice, by its words and by its tree. Throws `query.refused`; asks no database. */
export async function checkMysqlStatement(
  request: QueryRequest,
  rules: QueryRules,
): Promise<CheckedStatement> {
  const { query } = request
  const sql = tokenizeSql(query)
  checkSize(sql)
  const form = checkStatement(query, sql, rules)
  const calls = checkFunctions(query, sql)
  const maskedColumns = checkMaskedColumns(query, sql.tokens, rules.maskedColumns)
  const params = bindParams(sql.tokens, request.params)
  await checkTree(query, sql.tokens, form)
  return {
    kind: form === 'write' ? 'write' : 'read',
    form,
    sql: calls.sql,
    unevenFunctions: calls.uneven,
    maskedColumns,
    names: new Set(sql.tokens.filter((token) => isName(token)).map(({ text }) => foldName(text))),
    params,
  }
}

/** Values in the form that the driver sends; a number behind LIMIT as text, since MySQL takes no floating one there. */
function bindParams(
  tokens: readonly SqlToken[],
  params: readonly unknown[],
): (string | number | boolean | null)[] {
  const places = tokens.flatMap((token, at) => (token.kind === 'placeholder' ? [at] : []))
  if (places.length !== params.length) {
    throw refuseQuery(
      `The query has ${places.length} placeholders (?), and params has ${params.length} values.`,
    )
  }
  return params.map((value, index) => {
    const isLimit = isWord(tokens[places[index]! - 1], 'LIMIT', 'OFFSET')
    if (typeof value === 'number' && isLimit) return String(value)
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    return typeof value === 'number' ? value : JSON.stringify(value)
  })
}
