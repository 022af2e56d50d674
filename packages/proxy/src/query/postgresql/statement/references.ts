import { isForbiddenFunction } from './function-names.ts'
import { nameParts, walkTree, type TreeNode, type TypedNode } from './tree-nodes.ts'

export interface QualifiedName {
  readonly schema: string | null
  readonly name: string
}

/** What a statement names, for the catalog to say what stands behind it. */
export interface References {
  readonly functions: readonly QualifiedName[]
  readonly operators: readonly string[]
  readonly types: readonly string[]
  /** Last parts of `a.b`: a column, or a function of one argument in disguise. */
  readonly attributes: readonly string[]
  /** Tables, views and the names of WITH queries alike. */
  readonly relations: readonly QualifiedName[]
}

type Refuse = (what: string, node: TreeNode) => never

interface Collected {
  readonly functions: QualifiedName[]
  readonly operators: Set<string>
  readonly types: Set<string>
  readonly attributes: Set<string>
  readonly relations: QualifiedName[]
}

const collectors: ReadonlyMap<string, (node: TreeNode, into: Collected, refuse: Refuse) => void> = new Map([
  ['FuncCall', collectFunction],
  ['A_Expr', (node, { operators }) => addLast(node['name'], operators)],
  ['SubLink', (node, { operators }) => addLast(node['operName'], operators)],
  ['SortBy', (node, { operators }) => addLast(node['useOp'], operators)],
  ['TypeName', (node, { types }) => addLast(node['names'], types)],
  ['ColumnRef', collectColumn],
  ['A_Indirection', (node, { attributes }) => addAll(node['indirection'], attributes)],
  ['ResTarget', (node, { attributes }) => addAll(node['indirection'], attributes)],
  ['RangeVar', collectRelation],
  ['RangeTableSample', collectSampling],
])

/** Collects the names below a statement and refuses those that no share may use. */
export function collectReferences(statement: TypedNode, refuse: Refuse): References {
  const into: Collected = {
    functions: [],
    operators: new Set(),
    types: new Set(),
    attributes: new Set(),
    relations: [],
  }
  for (const { type, node } of walkTree(statement)) collectors.get(type)?.(node, into, refuse)
  return {
    ...into,
    operators: [...into.operators],
    types: [...into.types],
    attributes: [...into.attributes],
  }
}

function collectFunction(node: TreeNode, { functions }: Collected, refuse: Refuse): void {
  const found = lastName(node['funcname'])
  if (found === null) return refuse('a function without a name', node)
  if (isForbiddenFunction(found.name)) refuse(`the function ${found.name}`, node)
  refuseTemporary(found, node, refuse)
  functions.push(found)
}

function collectColumn(node: TreeNode, { attributes }: Collected, refuse: Refuse): void {
  const parts = nameParts(node['fields'])
  const name = parts.at(-1)
  if (parts.length < 2 || typeof name !== 'string') return
  if (isForbiddenFunction(name)) refuse(`the name ${name} after a dot, which calls a function`, node)
  attributes.add(name)
}

function collectRelation(node: TreeNode, { relations }: Collected, refuse: Refuse): void {
  const found = relationName(node)
  refuseTemporary(found, node, refuse)
  relations.push(found)
}

/** What INSERT, UPDATE and DELETE write to; null for everything else. */
export function writtenRelation({ node }: TypedNode): QualifiedName | null {
  const { relation } = node
  return typeof relation === 'object' && relation !== null ? relationName(relation as TreeNode) : null
}

function relationName({ schemaname, relname }: TreeNode): QualifiedName {
  return {
    schema: typeof schemaname === 'string' ? schemaname : null,
    name: typeof relname === 'string' ? relname : '',
  }
}

/** Methods of extensions are functions of their own. */
function collectSampling(node: TreeNode, _into: Collected, refuse: Refuse): void {
  const method = nameParts(node['method']).at(-1)
  if (method !== 'system' && method !== 'bernoulli') refuse(`the sampling method ${String(method)}`, node)
}

function refuseTemporary({ schema }: QualifiedName, node: TreeNode, refuse: Refuse): void {
  if (schema?.startsWith('pg_temp') === true) refuse('the schema of temporary objects', node)
}

function lastName(list: unknown): QualifiedName | null {
  const parts = nameParts(list)
  const name = parts.at(-1)
  return typeof name === 'string' ? { schema: parts.at(-2) ?? null, name } : null
}

function addLast(list: unknown, into: Set<string>): void {
  const found = lastName(list)
  if (found !== null) into.add(found.name)
}

function addAll(list: unknown, into: Set<string>): void {
  for (const name of nameParts(list)) if (name !== null) into.add(name)
}
