import type * as PolyglotSql from '@polyglot-sql/sdk'
import { knownFunctions } from './known-functions.ts'
import { toParserText } from './parser-text.ts'
import { isSymbol, isWord, type SqlToken } from './sql-token.ts'
import type { StatementForm } from './statement-rules.ts'
import { refuseAt } from './tokenize-sql.ts'

type Parser = Pick<typeof PolyglotSql, 'parse'>
let loading: Promise<Parser> | undefined

/** The parser is 23 MB of WebAssembly: only a hub that is asked of such a database loads it. */
function loadParser(): Promise<Parser> {
  loading ??= import('@polyglot-sql/sdk')
  return loading
}

/**
 * The second reading, by a real SQL parser: one statement, of the kind that its words say, with no node in it that
 * writes, locks, assigns or runs something. What the parser cannot read is refused.
 */
export async function checkTree(
  query: string,
  tokens: readonly SqlToken[],
  form: StatementForm,
): Promise<void> {
  if (form === 'show' || (form === 'explain' && !tokens.some((token) => isWord(token, 'SELECT', 'VALUES'))))
    return
  const body = form === 'explain' ? tokens.slice(explainedAt(tokens)) : tokens
  const { text, tokenAt } = toParserText(body)
  const parsed = readTree(await loadParser(), text)
  if (!parsed.success) {
    const token = tokenAt(parsed.errorStart ?? 0) ?? body[0]!
    const near = JSON.stringify(query.slice(token.start, token.end).slice(0, 40))
    refuseAt(query, token.start, {
      sentence: `The hub cannot read this statement near ${near}, so it was not sent.`,
      hint: 'Only what both the hub and the database understand is run. Check the syntax, or write it in a simpler way.',
    })
  }
  const reason = refusalOf(parsed.ast, form)
  if (reason !== null) refuseAt(query, tokens[0]!.start, reason)
}

function readTree(parser: Parser, text: string): ReturnType<Parser['parse']> {
  try {
    return parser.parse(text, 'mysql' as Parameters<Parser['parse']>[1])
  } catch {
    // It guards its own depth; should it run out of its stack all the same, the statement is not sent.
    return { success: false, error: 'too deep' }
  }
}

function explainedAt(tokens: readonly SqlToken[]): number {
  return tokens.findIndex(
    (token) => isSymbol(token, '(') || isWord(token, 'SELECT', 'WITH', 'VALUES', 'TABLE'),
  )
}

const readRoots = new Set(['select', 'union', 'intersect', 'except', 'subquery', 'values', 'paren'])
const writeRoots = new Set(['insert', 'update', 'delete'])
const refusedNodes =
  /^(?:create|drop|undrop|alter|truncate|load)_|^(?:insert|update|delete|copy|put|merge|command|kill|prepare|execute|set_statement|set_item|use|pragma|grant|revoke|raw|declare|transaction|commit|rollback|lock|locking_statement|into_clause|next_value_for|property_e_q|attach|detach|install|export|analyze|refresh|cache|uncache|comment|truncate|session_parameter)$/

/** Parts of allowed nodes that must be empty. */
const refusedParts = [
  ['into', 'A query cannot write its result to a file or a variable.'],
  ['locks', 'Queries cannot lock rows.'],
  ['extra_tables', 'A write can change one table at a time.'],
] as const

/** Why the tree must not run; null when it may. */
function refusalOf(ast: readonly unknown[], form: StatementForm): string | null {
  const [root] = ast
  const kind = ast.length === 1 ? kindOf(root) : null
  if (kind === null || !(form === 'write' ? writeRoots : readRoots).has(kind)) {
    return 'Only one query, or one INSERT, UPDATE or DELETE where the share allows it, can be sent.'
  }
  const pending: unknown[] = Object.values(root as object)
  while (pending.length > 0) {
    const node = pending.pop()
    if (typeof node !== 'object' || node === null) continue
    const reason = refusalOfNode(node)
    if (reason !== null) return reason
    pending.push(...Object.values(node))
  }
  return null
}

function refusalOfNode(node: object): string | null {
  const kind = kindOf(node)
  if (kind !== null && refusedNodes.test(kind)) return 'The statement contains one that does more than read.'
  for (const [part, reason] of refusedParts) {
    const value: unknown = Reflect.get(node, part)
    const isThere = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null
    if (isThere) return reason
  }
  return kind === 'function' || kind === 'aggregate_function' ? refusalOfCall(Object.values(node)[0]) : null
}

function refusalOfCall(call: unknown): string | null {
  const name = typeof call === 'object' && call !== null && 'name' in call ? String(call.name) : ''
  return knownFunctions.has(name.toUpperCase()) ? null : `${name.slice(0, 64)}() cannot be called here.`
}

/** A node is written as an object whose one key is its kind. */
function kindOf(node: unknown): string | null {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return null
  const keys = Object.keys(node)
  return keys.length === 1 ? keys[0]! : null
}
