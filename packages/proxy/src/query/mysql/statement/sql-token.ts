/**
 * One token of a MySQL statement. `word`: an unquoted name or keyword; `name`: one in backquotes; `null`: `\N`;
 * `variable`: `@@name`.
 */
export interface SqlToken {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'null' | 'variable' | 'placeholder' | 'symbol'
  /** Words in capitals, names as they are meant, everything else as it is written. */
  readonly text: string
  /** In UTF-16 code units of the query. */
  readonly start: number
  readonly end: number
}

export interface SqlTokens {
  readonly tokens: readonly SqlToken[]
  /** The statement with comments and the closing semicolon blanked: nothing but what the tokens say, at the same places. */
  readonly sql: string
}

export function isName(token: SqlToken | undefined): token is SqlToken {
  return token?.kind === 'word' || token?.kind === 'name'
}

export function isWord(token: SqlToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text)
}

export function isSymbol(token: SqlToken | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.text === symbol
}

/** `t.update`: a word right behind a dot is a name to the server, whatever it says. With a space it would be a keyword. */
export function isQualified(tokens: readonly SqlToken[], at: number): boolean {
  const [owner, dot, token] = [tokens[at - 2], tokens[at - 1], tokens[at]]
  return isSymbol(dot, '.') && isName(owner) && owner.end === dot?.start && dot.end === token?.start
}

/** Index of the `)` that closes the `(` at `open`; the number of tokens when none does. */
export function closingParenthesis(tokens: readonly SqlToken[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at += 1) {
    if (isSymbol(tokens[at], '(')) depth += 1
    else if (isSymbol(tokens[at], ')') && (depth -= 1) === 0) return at
  }
  return tokens.length
}

/** For each token, how many parentheses it stands in; a parenthesis itself counts as inside. */
export function parenthesisDepths(tokens: readonly SqlToken[]): number[] {
  let depth = 0
  return tokens.map((token) => {
    if (isSymbol(token, '(')) depth += 1
    return isSymbol(token, ')') ? depth-- : depth
  })
}
