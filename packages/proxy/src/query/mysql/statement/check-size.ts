import { refuseQuery } from '../../query-errors.ts'
import { isWord, parenthesisDepths, type SqlTokens } from './sql-token.ts'

const tokensMax = 5_000
const depthMax = 100
/** The servers' own limit. */
const tablesMax = 61

/**
 * The parser takes time by the square of joins and nesting, on the thread that serves every visitor: what no person writes is
 * refused before it. Throws `query.refused`.
 */
export function checkSize({ tokens }: SqlTokens): void {
  if (tokens.length > tokensMax) throw tooLarge(`more than ${tokensMax} words and signs`)
  if (tokens.filter((token) => isWord(token, 'JOIN', 'STRAIGHT_JOIN')).length >= tablesMax)
    throw tooLarge(`more than ${tablesMax} tables in joins`)
  if (Math.max(0, ...parenthesisDepths(tokens)) > depthMax)
    throw tooLarge(`more than ${depthMax} nested parentheses`)
}

function tooLarge(what: string): Error {
  return refuseQuery(`A statement with ${what} is refused.`, { hint: 'Ask for it in parts.' })
}
