import type { QueryRules } from '../../query-engine.ts'
import { checkReservedWords } from './reserved-words.ts'
import { checkShow } from './show-rules.ts'
import { isName, isSymbol, isWord, type SqlToken, type SqlTokens } from './sql-token.ts'
import { refuseAt } from './tokenize-sql.ts'
import { checkWrite } from './write-rules.ts'

/** `select`: anything with the shape of a query. `explain` and `show` have no tree of their own. */
export type StatementForm = 'select' | 'explain' | 'show' | 'write'

const queryWords = ['SELECT', 'WITH', 'VALUES', 'TABLE'] as const
const writeWords = ['INSERT', 'UPDATE', 'DELETE'] as const

/** What the statement is, by its first words and by words that nothing allowed contains. */
export function checkStatement(
  query: string,
  sql: SqlTokens,
  rules: Pick<QueryRules, 'allowWrites'>,
): StatementForm {
  const { tokens } = sql
  checkSchemas(query, tokens)
  checkCrash(query, tokens)
  const [first] = tokens
  if (isWord(first, ...writeWords)) {
    if (!rules.allowWrites) refuseAt(query, 0, `This share can only read: ${first?.text} is not allowed.`)
    checkWrite(query, tokens)
    return 'write'
  }
  if (isWord(first, 'SHOW')) {
    checkShow(query, tokens)
    return 'show'
  }
  return checkQuery(query, tokens, rules)
}

function checkQuery(
  query: string,
  tokens: readonly SqlToken[],
  rules: Pick<QueryRules, 'allowWrites'>,
): StatementForm {
  const [first] = tokens
  const isExplain = isWord(first, 'EXPLAIN', 'DESCRIBE', 'DESC')
  if (!isExplain && !beginsQuery(tokens, 0)) {
    refuseAt(query, first?.start ?? 0, {
      sentence: `${describe(first)} is not allowed here.`,
      hint: hintFor(rules),
    })
  }
  checkReservedWords(query, tokens)
  if (isExplain) checkExplain(query, tokens)
  return isExplain ? 'explain' : 'select'
}

function describe(token: SqlToken | undefined): string {
  return token?.kind === 'word' ? token.text.slice(0, 40) : 'A statement that begins so'
}

function hintFor(rules: Pick<QueryRules, 'allowWrites'>): string {
  const reads = 'SELECT, WITH, VALUES, TABLE, SHOW, DESCRIBE and EXPLAIN'
  return rules.allowWrites
    ? `Allowed are ${reads}, and one INSERT, UPDATE or DELETE.`
    : `Allowed are ${reads}.`
}

function beginsQuery(tokens: readonly SqlToken[], at: number): boolean {
  let first = at
  while (isSymbol(tokens[first], '(')) first += 1
  return isWord(tokens[first], ...queryWords)
}

/** Of the catalogue: other people's statements, and samples of columns. */
const closedViews = new Set(['processlist', 'column_statistics'])

/** Schemas with the server's logins and with other people's statements. */
const closedSchemas = new Set(['mysql', 'performance_schema', 'sys'])

function checkSchemas(query: string, tokens: readonly SqlToken[]): void {
  tokens.forEach((token, at) => {
    if (!isName(token) || !isSymbol(tokens[at + 1], '.')) return
    const schema = token.text.toLowerCase()
    const member = tokens[at + 2]?.text.toLowerCase() ?? ''
    if (closedSchemas.has(schema) || (schema === 'information_schema' && closedViews.has(member))) {
      refuseAt(
        query,
        token.start,
        `${schema} is not open to queries: it tells of logins and of other sessions.`,
      )
    }
  })
}

/** MariaDB 10.11 dies of a column with a schema that is none of the tables', where tables are joined by names of columns. */
function checkCrash(query: string, tokens: readonly SqlToken[]): void {
  const isJoinedByNames = tokens.some(
    (token, at) => isWord(token, 'NATURAL') || (isWord(token, 'USING') && isSymbol(tokens[at + 1], '(')),
  )
  const column = tokens.find(
    (token, at) => isName(token) && isSymbol(tokens[at + 1], '.') && isSymbol(tokens[at + 3], '.'),
  )
  if (!isJoinedByNames || column === undefined) return
  refuseAt(query, column.start, {
    sentence: 'With USING and NATURAL, a column cannot be named with its schema.',
    hint: 'Name it as table.column: some servers crash otherwise.',
  })
}

/** `DESC t`, `DESC t column`, `DESC t 'pattern'`, or EXPLAIN of a query: the forms that run nothing. */
function checkExplain(query: string, tokens: readonly SqlToken[]): void {
  let at = 1
  while (isWord(tokens[at], 'EXTENDED', 'PARTITIONS')) at += 1
  if (isWord(tokens[at], 'FORMAT') && isSymbol(tokens[at + 1], '=')) at += 3
  if (beginsQuery(tokens, at)) return
  const isTable = at === 1 && isName(tokens[1]) && !isWord(tokens[1], 'FOR', 'FORMAT')
  if (!isTable || tokens.length > 5 || tokens.some((token) => isSymbol(token, '('))) {
    refuseAt(query, tokens[0]!.start, 'EXPLAIN and DESCRIBE take a table or a query that only reads.')
  }
}
