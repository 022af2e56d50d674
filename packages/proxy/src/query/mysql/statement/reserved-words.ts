import { isQualified, isSymbol, isWord, type SqlToken } from './sql-token.ts'
import { refuseAt } from './tokenize-sql.ts'

/** Refuses the reserved words, row locks and sequences, wherever they stand in what only reads. */
export function checkReservedWords(query: string, tokens: readonly SqlToken[]): void {
  tokens.forEach((token, at) => {
    if (token.kind !== 'word' || isQualified(tokens, at)) return
    const isCharacterSet = token.text === 'SET' && isWord(tokens[at - 1], 'CHARACTER', 'CHAR')
    const sentence = isCharacterSet ? undefined : reserved.get(token.text)
    if (sentence !== undefined) refuseAt(query, token.start, sentence)
    const isCall = isSymbol(tokens[at + 1], '(')
    if ((token.text === 'INSERT' || token.text === 'REPLACE') && !isCall) {
      refuseAt(query, token.start, `${token.text} is not allowed in a query.`)
    }
    checkPair(query, tokens, at)
  })
}

function checkPair(query: string, tokens: readonly SqlToken[], at: number): void {
  const start = tokens[at]!.start
  if (isWord(tokens[at], 'FOR') && isWord(tokens[at + 1], 'SHARE')) {
    refuseAt(query, start, 'Queries cannot lock rows.')
  }
  if (
    isWord(tokens[at], 'NEXT', 'PREVIOUS') &&
    isWord(tokens[at + 1], 'VALUE') &&
    isWord(tokens[at + 2], 'FOR')
  ) {
    refuseAt(query, start, 'Sequences cannot be moved or read.')
  }
}

/** Reserved words of both servers that a query never needs, but as the name of a column behind its table. */
const reserved: ReadonlyMap<string, string> = new Map([
  ...'ALTER CALL CREATE DROP GRANT INFILE KILL LOAD OPTIMIZE OUTFILE PURGE RENAME RESIGNAL REVOKE SET SIGNAL TRIGGER UNLOCK'
    .split(' ')
    .map((word): [string, string] => [word, `${word} is not allowed in a query.`]),
  ['INTO', 'A query cannot write its result to a file or a variable: INTO is not allowed.'],
  ['LOCK', 'Queries cannot lock rows or tables.'],
  ['UPDATE', 'Queries cannot change rows or lock them.'],
  ['DELETE', 'Queries cannot change rows.'],
  ['PROCEDURE', 'PROCEDURE is not allowed.'],
  ['ANALYZE', 'ANALYZE runs what it explains, or writes statistics; it is not allowed.'],
])
