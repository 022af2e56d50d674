import { nameParts, unwrapNode, walkTree, type TreeNode, type TypedNode } from '../statement/tree-nodes.ts'
import { relationKey, type MaskCatalog } from './mask-catalog.ts'

export interface Ranges {
  readonly readsMasked: boolean
  /** The name stands, wherever it is used, only for relations without masked columns. */
  isPlain(name: string): boolean
  /** The name may stand for rows that have masked columns. */
  mayCarry(name: string): boolean
  /** `AS u (a, b)` after something that may have masked columns. */
  renamesColumns(type: string, node: TreeNode): boolean
}

/** Looks at every name that FROM gives in the whole statement; scopes are not told apart. */
export function collectRanges(statement: TypedNode, masks: MaskCatalog): Ranges {
  const nodes = [...walkTree(statement)]
  const queries = new Set(nodes.flatMap(({ node }) => textOf(node['ctename']) ?? []))
  const isMasked = ({ schemaname, relname }: TreeNode): boolean =>
    masks.relations.has(relationKey(textOf(schemaname), textOf(relname) ?? ''))
  const isCarrier = (type: string, node: TreeNode): boolean =>
    type === 'RangeVar' ? isMasked(node) || queries.has(textOf(node['relname']) ?? '') : carrying.has(type)
  const named = (wanted: boolean): string[] =>
    nodes
      .filter(({ type, node }) => isRange(type) && isCarrier(type, node) === wanted)
      .flatMap(({ node }) => namesOf(node))
  const carriers = new Set([...named(true), ...rowsOfWrite(statement, nodes)])
  const plain = new Set(named(false))
  return {
    readsMasked: nodes.some(({ type, node }) => type === 'RangeVar' && isMasked(node)),
    isPlain: (name) => plain.has(name) && !carriers.has(name),
    mayCarry: (name) => carriers.has(name),
    renamesColumns: (type, node) => isCarrier(type, node) && hasColumnNames(node),
  }
}

/** Rows of a write as RETURNING and ON CONFLICT call them, and the names that RETURNING WITH gives them. */
function rowsOfWrite(statement: TypedNode, nodes: readonly TypedNode[]): string[] {
  if (statement.type === 'SelectStmt') return []
  const given = nodes.flatMap(({ type, node }) =>
    type === 'ReturningOption' ? (textOf(node['value']) ?? []) : [],
  )
  return ['old', 'new', 'excluded', ...given]
}

function isRange(type: string): boolean {
  return type === 'RangeVar' || carrying.has(type) || harmless.has(type)
}

const carrying = new Set(['RangeSubselect', 'JoinExpr'])
const harmless = new Set(['RangeFunction', 'RangeTableFunc', 'JsonTable'])

function namesOf(node: TreeNode): string[] {
  const aliases = [aliasOf(node['alias']), aliasOf(node['join_using_alias'])].filter((name) => name !== null)
  const own = textOf(node['relname'])
  return aliases.length === 0 && own !== null ? [own] : aliases
}

function aliasOf(alias: unknown): string | null {
  const inner = unwrapNode(alias, '')?.node ?? alias
  return typeof inner === 'object' && inner !== null ? textOf((inner as TreeNode)['aliasname']) : null
}

function hasColumnNames(node: TreeNode): boolean {
  const { alias } = node
  return typeof alias === 'object' && alias !== null && nameParts((alias as TreeNode)['colnames']).length > 0
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
