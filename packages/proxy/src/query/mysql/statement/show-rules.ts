import { isQualified, isSymbol, isWord, type SqlToken } from './sql-token.ts'
import { refuseAt } from './tokenize-sql.ts'

/** What SHOW may show, as the words behind it. Not: logins and grants, other sessions, logs, replication. */
const shown: readonly RegExp[] = [
  /^(?:EXTENDED )?(?:FULL )?(?:TABLES|COLUMNS|FIELDS)\b/,
  /^(?:EXTENDED )?(?:INDEX|INDEXES|KEYS)\b/,
  /^(?:DATABASES|SCHEMAS|TABLE STATUS|OPEN TABLES|PLUGINS|COLLATION|CHARSET|CHARACTER SET|CHAR SET)\b/,
  /^(?:STORAGE )?ENGINES$/,
  /^(?:GLOBAL |SESSION |LOCAL )?(?:STATUS|VARIABLES)\b/,
  /^(?:WARNINGS|ERRORS|COUNT)\b/,
  /^(?:TRIGGERS|EVENTS|(?:PROCEDURE|FUNCTION|PACKAGE) STATUS)\b/,
  /^CREATE (?:TABLE|VIEW|DATABASE|SCHEMA|TRIGGER|PROCEDURE|FUNCTION|EVENT|SEQUENCE)\b/,
]

/** Words that would make a subquery, a file or a lock of it. */
const neverShown = ['SELECT', 'INTO', 'FOR', 'LOCK', 'ANALYZE', 'EXPLAIN', 'USER', 'CODE', 'TABLE_STATISTICS']

export function checkShow(query: string, tokens: readonly SqlToken[]): void {
  const words: string[] = []
  for (const token of tokens.slice(1)) {
    if (token.kind !== 'word') break
    words.push(token.text)
  }
  const start = tokens[0]!.start
  if (!shown.some((form) => form.test(words.join(' ')))) {
    const hint = 'SHOW can show tables, columns, indexes, databases, definitions, variables and status.'
    refuseAt(query, start, { sentence: 'This form of SHOW is not allowed.', hint })
  }
  tokens.forEach((token, at) => {
    const isCall = isSymbol(tokens[at + 1], '(')
    if (isWord(token, ...neverShown) && !isCall && !isQualified(tokens, at)) {
      refuseAt(query, token.start, `${token.text} is not allowed in SHOW.`)
    }
  })
}
