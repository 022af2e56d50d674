import type {
  CallExpression,
  Expression,
  NewExpression,
  ObjectExpression,
  SpreadElement,
  Super,
  TemplateLiteral,
} from 'acorn'
import { BSON } from 'mongodb'
import { refuseQuery } from '../query-errors.ts'
import { constructors, extendedConstructors } from './literal-constructors.ts'

type Node = Expression | SpreadElement | Super | null

const depthMax = 100

/**
 * The value of a literal as the shell writes it: objects, arrays, texts, numbers, regular expressions, and calls of the
 * shell's own types. It is built from the syntax tree by an allow-list: nothing of it is ever run. Throws `query.refused`.
 */
export function readLiteral(node: Node, depth = 0): unknown {
  if (node === null) throw refuseQuery('An array may not leave out a value.')
  if (depth > depthMax) throw refuseAt(node, 'The query is nested too deep.')
  const read = readers[node.type]
  if (read === undefined) {
    throw refuseAt(node, 'Only plain values are taken here: no functions, variables or calculations.')
  }
  return read(node as never, depth)
}

type Readers = {
  readonly [Type in Expression['type']]?: (
    node: Extract<Expression, { type: Type }>,
    depth: number,
  ) => unknown
}

const readers: Readonly<Record<string, ((node: never, depth: number) => unknown) | undefined>> = {
  Literal: readScalar,
  TemplateLiteral: readTemplate,
  UnaryExpression: ({ operator, argument }) => readSigned(operator, argument),
  Identifier: readName,
  ArrayExpression: ({ elements }, depth) => elements.map((element) => readLiteral(element, depth + 1)),
  ObjectExpression: readObject,
  NewExpression: readCall,
  CallExpression: readCall,
  ParenthesizedExpression: ({ expression }, depth) => readLiteral(expression, depth + 1),
} satisfies Readers

function readTemplate({ expressions, quasis }: TemplateLiteral): string {
  const [first] = expressions
  if (first !== undefined) throw refuseAt(first, 'A text may not contain an expression.')
  return quasis[0]?.value.cooked ?? ''
}

function readScalar(node: Extract<Expression, { type: 'Literal' }>): unknown {
  if (node.bigint !== undefined && node.bigint !== null) return readLong(node, node.bigint)
  if (node.regex !== undefined) return constructors['RegExp']?.([node.regex.pattern, node.regex.flags])
  return node.value
}

function readLong(node: { readonly start: number }, digits: string): unknown {
  try {
    return constructors['NumberLong']?.([digits])
  } catch {
    throw refuseAt(node, 'This number has more than 64 bits.')
  }
}

function readSigned(operator: string, argument: Expression): unknown {
  const value = readLiteral(argument)
  if (typeof value === 'number' && operator === '-') return -value
  if (typeof value === 'number' && operator === '+') return value
  throw refuseAt(argument, 'Only a number may have a sign.')
}

const names: Readonly<Record<string, unknown>> = {
  undefined: null,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
}

function readName(node: Extract<Expression, { type: 'Identifier' }>): unknown {
  if (Object.hasOwn(names, node.name)) return names[node.name]
  throw refuseAt(node, `${node.name.slice(0, 40)} is no value. Put texts in quotes.`)
}

function readObject(node: ObjectExpression, depth: number): unknown {
  const object: Record<string, unknown> = {}
  for (const property of node.properties) {
    if (
      property.type === 'SpreadElement' ||
      property.kind !== 'init' ||
      property.computed ||
      property.method
    ) {
      throw refuseAt(property, 'An object has only names and plain values.')
    }
    const name = nameOf(property.key)
    if (name === null || name === '__proto__') throw refuseAt(property, 'This name is not allowed.')
    if (Object.hasOwn(object, name)) throw refuseAt(property, `${name.slice(0, 40)} is there twice.`)
    object[name] = readLiteral(property.value, depth + 1)
  }
  return isExtended(object) ? readExtended(object, node) : object
}

function nameOf(key: Expression | { readonly type: 'PrivateIdentifier' }): string | null {
  if (key.type === 'Identifier') return key.name
  return key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number')
    ? String(key.value)
    : null
}

const extendedNames = new Set(
  [
    '$oid',
    '$numberLong',
    '$numberInt',
    '$numberDouble',
    '$numberDecimal',
    '$date',
    '$binary',
    '$uuid',
  ].concat(['$timestamp', '$regularExpression', '$minKey', '$maxKey']),
)

/** A value in extended JSON, such as `{"$oid": "…"}`. */
function isExtended(object: Record<string, unknown>): boolean {
  const [name, ...others] = Object.keys(object)
  return name !== undefined && others.length === 0 && extendedNames.has(name)
}

function readExtended(object: Record<string, unknown>, node: ObjectExpression): unknown {
  try {
    for (const [name, inner] of Object.entries(object)) {
      const construct = extendedConstructors[name]
      if (construct !== undefined) return construct([inner])
    }
    // Its own content may be extended too (`{"$date": {"$numberLong": "…"}}`), and was read by now.
    const plain = BSON.EJSON.stringify(object, { relaxed: false })
    const value = BSON.EJSON.parse(plain, { relaxed: false }) as Record<string, unknown>
    if (!(value instanceof Date && Number.isNaN(value.getTime()))) return value
  } catch {
    // Refused below, as is a date that is none.
  }
  throw refuseAt(node, 'This value in extended JSON is not well-formed.')
}

function readCall(node: CallExpression | NewExpression, depth: number): unknown {
  const { callee } = node
  const name = callee.type === 'Identifier' ? callee.name : ''
  const construct = Object.hasOwn(constructors, name) ? constructors[name] : undefined
  if (construct === undefined)
    throw refuseAt(callee, `${name.slice(0, 40) || 'This'} is no type of the shell.`)
  const values = node.arguments.map((argument) => readLiteral(argument, depth + 1))
  try {
    return construct(values)
  } catch {
    throw refuseAt(node, `${name} does not take these values.`)
  }
}

/** A refusal with its place: the text that is parsed begins with one character more than the query. */
export function refuseAt(node: { readonly start: number }, sentence: string): Error {
  return refuseQuery(sentence, { position: node.start })
}
