import { parse, type CallExpression, type Expression, type MemberExpression, type Program } from 'acorn'
import { refuseQuery } from '../query-errors.ts'
import { readLiteral, refuseAt } from './read-literal.ts'

/** One call of a chain: `.sort({…})`. */
export interface ShellCall {
  readonly name: string
  readonly values: readonly unknown[]
  /** In characters of the query, from 1. */
  readonly position: number
}

export type ShellQuery =
  | { readonly form: 'command'; readonly document: Record<string, unknown> }
  | { readonly form: 'chain'; readonly collection: string | null; readonly calls: readonly ShellCall[] }

/**
 * Reads a query in the shell's form, `db.users.find({…}).limit(5)`, or a command document. Nothing of it is run. Throws
 * `query.refused` with the place.
 */
export function parseShell(query: string): ShellQuery {
  const tree = parseText(query)
  if (tree.type !== 'ObjectExpression') return readChain(tree)
  const document = readLiteral(tree) as Record<string, unknown>
  return { form: 'command', document }
}

/** In brackets, so that `{` begins an object; positions of the tree then count from 1. */
function parseText(query: string): Expression {
  const text = `(${query.trimEnd().replace(/;$/, '')}\n)`
  const body = parseProgram(text)
  const [statement] = body
  const whole = statement?.type === 'ExpressionStatement' ? statement.expression : null
  if (body.length !== 1 || whole?.type !== 'ParenthesizedExpression' || whole.end !== text.length) {
    throw refuseQuery('One statement is taken at a time.', { position: whole?.end ?? 1 })
  }
  return whole.expression
}

function parseProgram(text: string): Program['body'] {
  try {
    return parse(text, { ecmaVersion: 2022, sourceType: 'script', preserveParens: true }).body
  } catch (error) {
    if (error instanceof RangeError) throw refuseQuery('The query is nested too deep.')
    if (!(error instanceof SyntaxError) || !('pos' in error)) throw error
    const position = Math.max(1, Math.min(Number(error.pos), text.length - 2))
    throw refuseQuery(`This is not the shell's syntax: ${error.message.replace(/ \(\d+:\d+\)$/, '')}.`, {
      position,
    })
  }
}

function readChain(tree: Expression): ShellQuery {
  const calls: ShellCall[] = []
  let node = tree
  while (node.type === 'CallExpression') {
    const { call, target } = readCall(node)
    if (call.name === 'getCollection' && isDb(target)) {
      return { form: 'chain', collection: collectionName(call.values[0], node), calls }
    }
    calls.unshift(call)
    node = target
  }
  if (calls.length === 0) throw refuseAt(tree, formHint)
  return { form: 'chain', collection: isDb(node) ? null : collectionName(pathOf(node), node), calls }
}

function readCall(node: CallExpression): { readonly call: ShellCall; readonly target: Expression } {
  const { callee } = node
  if (callee.type !== 'MemberExpression' || callee.optional || callee.computed) throw refuseAt(node, formHint)
  const { object, property } = callee
  if (object.type === 'Super' || property.type !== 'Identifier') throw refuseAt(node, formHint)
  return { call: { name: property.name, values: valuesOf(node), position: property.start }, target: object }
}

const formHint = 'Queries have the form db.collection.find({…}), or are a command document.'

function isDb(node: Expression): boolean {
  return node.type === 'Identifier' && node.name === 'db'
}

/** `db.a.b` is the collection `a.b`, `db["a b"]` is `a b`. */
function pathOf(node: Expression): unknown {
  if (node.type !== 'MemberExpression' || node.object.type === 'Super') return null
  const name = memberName(node)
  if (typeof name !== 'string') return null
  if (isDb(node.object)) return name
  const before = pathOf(node.object)
  return typeof before === 'string' ? `${before}.${name}` : null
}

function memberName({ computed, property }: MemberExpression): unknown {
  if (computed) return property.type === 'Literal' ? property.value : null
  return property.type === 'Identifier' ? property.name : null
}

function collectionName(name: unknown, node: Expression): string {
  if (typeof name !== 'string' || name === '' || name.length > 200) throw refuseAt(node, formHint)
  return name
}

function valuesOf(node: CallExpression): unknown[] {
  return node.arguments.map((argument) => readLiteral(argument))
}
