/** A node of the parse tree, whatever its type; fields hold scalars, nodes, or lists of nodes. */
export type TreeNode = Readonly<Record<string, unknown>>

export interface TypedNode {
  readonly type: string
  readonly node: TreeNode
  /** The field of the parent that holds it; empty for the statement itself. */
  readonly field: string
}

/**
 * Fields that hold a node of a fixed type, which the tree writes without its name. Every other object in the tree is
 * written as `{ TypeName: { … } }`.
 */
const typeOfField: ReadonlyMap<string, string> = new Map([
  ...['larg', 'rarg'].map((field) => [field, 'SelectStmt'] as const),
  ...['alias', 'join_using_alias'].map((field) => [field, 'Alias'] as const),
  ...['on_error', 'on_empty'].map((field) => [field, 'JsonBehavior'] as const),
  ['intoClause', 'IntoClause'],
  ['withClause', 'WithClause'],
  ['relation', 'RangeVar'],
  ['typeName', 'TypeName'],
  ['collClause', 'CollateClause'],
  ['over', 'WindowDef'],
  ['search_clause', 'CTESearchClause'],
  ['cycle_clause', 'CTECycleClause'],
  ['onConflictClause', 'OnConflictClause'],
  ['infer', 'InferClause'],
  ['returningClause', 'ReturningClause'],
  ['context_item', 'JsonValueExpr'],
  ['pathspec', 'JsonTablePathSpec'],
  ['format', 'JsonFormat'],
  ['output', 'JsonOutput'],
  ['returning', 'JsonReturning'],
  ['constructor', 'JsonAggConstructor'],
  ['ival', 'Integer'],
  ['fval', 'Float'],
  ['boolval', 'Boolean'],
  ['sval', 'String'],
  ['bsval', 'BitString'],
])

/** The same field name stands for other types in these nodes. */
const typeOfFieldIn: ReadonlyMap<string, string> = new Map([
  ['JsonKeyValue.value', 'JsonValueExpr'],
  ['JsonObjectAgg.arg', 'JsonKeyValue'],
  ['JsonArrayAgg.arg', 'JsonValueExpr'],
  ['JsonArgument.val', 'JsonValueExpr'],
  ['JsonParseExpr.expr', 'JsonValueExpr'],
  ['JsonSerializeExpr.expr', 'JsonValueExpr'],
])

const wrapperName = /^[A-Z]/

/** Takes a node out of its `{ TypeName: … }`; null for an object that has no such form. */
export function unwrapNode(value: unknown, field: string): TypedNode | null {
  if (typeof value !== 'object' || value === null) return null
  const entries = Object.entries(value)
  const [type, node] = entries[0] ?? ['', null]
  if (entries.length !== 1 || !wrapperName.test(type) || typeof node !== 'object' || node === null)
    return null
  return { type, node: node as TreeNode, field }
}

/** The nodes right below this one, in the order of its fields. An object of no known form comes out as type `''`. */
export function* childNodes({ type, node }: TypedNode): Generator<TypedNode> {
  for (const [field, value] of Object.entries(node)) {
    if (typeof value !== 'object' || value === null) continue
    for (const item of Array.isArray(value) ? value : [value]) {
      // An empty place in a list, such as the missing lower bound of a slice.
      if (isEmptyNode(item)) continue
      yield childNode(type, field, item)
    }
  }
}

function childNode(parentType: string, field: string, value: unknown): TypedNode {
  const wrapped = unwrapNode(value, field)
  if (wrapped !== null) return wrapped
  const type = typeOfFieldIn.get(`${parentType}.${field}`) ?? typeOfField.get(field) ?? ''
  return { type, node: value as TreeNode, field }
}

function isEmptyNode(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0
}

/** Every node of a tree, parents first. Its own stack: a tree may be nested far deeper than functions can call. */
export function* walkTree(root: TypedNode): Generator<TypedNode> {
  const open = [root]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next
    open.push(...[...childNodes(next)].reverse())
  }
}

/** Strings of a list of `String` nodes: the parts of a qualified name. A star or an index comes out as null. */
export function nameParts(list: unknown): (string | null)[] {
  if (!Array.isArray(list)) return []
  return list.map((item) => {
    const named = unwrapNode(item, '')
    const text = named?.type === 'String' ? (named.node['sval'] ?? '') : null
    return typeof text === 'string' ? text : null
  })
}
