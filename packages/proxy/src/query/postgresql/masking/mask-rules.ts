import { refuseQuery } from '../../query-errors.ts'
import { childNodes, nameParts, unwrapNode, type TreeNode, type TypedNode } from '../statement/tree-nodes.ts'
import { outputColumns, type OutputColumns } from './output-columns.ts'
import { collectRanges, type Ranges } from './ranges.ts'
import type { MaskCatalog } from './mask-catalog.ts'

/** Where a node stands, as far as masking cares. */
interface Place {
  /** The list of the statement's own result: here a masked column may stand by itself. */
  readonly isOutput: boolean
  /** Whether `*` may stand here for all columns of a masked table. */
  readonly takesStar: boolean
}

interface Rules {
  readonly masks: MaskCatalog
  readonly ranges: Ranges
  /** Names that mean a masked column: its own, and those that the output gives it. */
  readonly names: ReadonlySet<string>
}

/**
 * Proves that a statement lets masked columns only into its own result, unchanged, where the result says which table and
 * column a value comes from and the value is masked. Whatever could tell of them another way is refused: expressions,
 * filters, order, groups, joins by them, whole rows, other names by alias lists, and lists that lose where a value comes
 * from (set operations, DISTINCT). Only names are looked at, so what merely could be such a column counts as one.
 */
export function proveMasking(statement: TypedNode, masks: MaskCatalog): void {
  const ranges = collectRanges(statement, masks)
  if (!ranges.readsMasked) return
  const output = outputColumns(statement, masks.columns)
  const rules = { masks, ranges, names: new Set([...masks.columns, ...output.aliases]) }
  visit(statement, { isOutput: true, takesStar: true }, { rules, output })
}

interface Visit {
  readonly rules: Rules
  readonly output: OutputColumns
}

function visit(typed: TypedNode, place: Place, context: Visit): void {
  checkNode(typed, context)
  if (typed.type === 'ColumnRef') return checkColumn(typed.node, place, context.rules)
  for (const child of childNodes(typed)) visit(child, placeOf(typed, child, place), context)
}

/** What stands below: a list of output columns gives leave, everything else takes it. */
function placeOf(parent: TypedNode, child: TypedNode, place: Place): Place {
  if (parent.type === 'ResTarget') return place
  if (child.type === 'ResTarget' || parent.type === 'ReturningClause')
    return isOutputList(parent, child) ? outputPlace(parent, place) : nowhere
  if (child.type === 'ReturningClause') return { isOutput: true, takesStar: true }
  if (parent.type === 'SubLink') return { isOutput: false, takesStar: isExistence(parent, child) }
  if (child.type === 'SelectStmt')
    return { isOutput: false, takesStar: place.takesStar && keepsOrigin(parent, child) }
  return isStructure(child.type) ? place : nowhere
}

const nowhere: Place = { isOutput: false, takesStar: false }

function isOutputList(parent: TypedNode, child: TypedNode): boolean {
  return (parent.type === 'SelectStmt' && child.field === 'targetList') || parent.type === 'ReturningClause'
}

/** DISTINCT compares what it shows. */
function outputPlace(parent: TypedNode, place: Place): Place {
  return parent.node['distinctClause'] === undefined ? place : nowhere
}

function isExistence(parent: TypedNode, child: TypedNode): boolean {
  return parent.node['subLinkType'] === 'EXISTS_SUBLINK' && child.type === 'SelectStmt'
}

/** An arm of UNION has no origin, and what INSERT takes goes elsewhere. */
function keepsOrigin(parent: TypedNode, child: TypedNode): boolean {
  return child.field !== 'larg' && child.field !== 'rarg' && parent.type !== 'InsertStmt'
}

/** Nodes between a query and the queries in its FROM and WITH. */
function isStructure(type: string): boolean {
  return ['RangeSubselect', 'JoinExpr', 'WithClause', 'CommonTableExpr'].includes(type)
}

function checkColumn(node: TreeNode, place: Place, rules: Rules): void {
  const parts = nameParts(node['fields'])
  const name = parts.at(-1) ?? null
  const qualifier = parts.at(-2)
  if (typeof qualifier === 'string' && rules.ranges.isPlain(qualifier)) return
  if (name !== null) checkName(name, { isQualified: parts.length > 1, place }, rules)
  else if (!place.takesStar) refuse('* stands for masked columns here')
}

interface NameUse {
  readonly isQualified: boolean
  readonly place: Place
}

function checkName(name: string, { isQualified, place }: NameUse, { masks, names, ranges }: Rules): void {
  if (!isQualified && ranges.mayCarry(name)) refuse(`${name} is a whole row with masked columns`)
  // A column goes before a function. Rows with masked columns come out of a query by `*` only, so they have this one too.
  if (isQualified && masks.rowFunctions.has(name) && !masks.siblings.has(name))
    refuse(`${name} takes a whole row with masked columns`)
  if (names.has(name) && !place.isOutput) refuse(`${name} is masked and may only be shown, as it is`)
}

type NodeCheck = (typed: TypedNode, context: Visit) => void

const keepsRows: NodeCheck = () => refuse('SEARCH and CYCLE keep whole rows')
const renames: NodeCheck = ({ type, node }, { rules }) => {
  if (rules.ranges.renamesColumns(type, node))
    refuse('a list of names after an alias hides which columns are masked')
}

/** Forms that give masked columns other names, or use them without naming a column. */
const nodeChecks: ReadonlyMap<string, readonly NodeCheck[]> = new Map([
  ['RangeVar', [renames]],
  ['RangeSubselect', [renames]],
  ['JoinExpr', [renames, checkJoin]],
  ['IndexElem', [checkConflict]],
  ['CTESearchClause', [keepsRows]],
  ['CTECycleClause', [keepsRows]],
  ['CommonTableExpr', [checkQueryNames]],
  ['A_Indirection', [checkIndirection]],
  ['SelectStmt', [checkPositions]],
])

function checkNode(typed: TypedNode, context: Visit): void {
  for (const check of nodeChecks.get(typed.type) ?? []) check(typed, context)
}

function checkConflict({ node }: TypedNode, { rules }: Visit): void {
  const { name } = node
  if (typeof name === 'string' && rules.names.has(name)) refuse(`${name} is masked`)
}

function checkQueryNames({ node }: TypedNode): void {
  if (node['aliascolnames'] !== undefined) refuse('a list of names after WITH hides which columns are masked')
}

function checkIndirection({ node }: TypedNode): void {
  if (hasStar(node['indirection'])) refuse('.* takes a whole row apart')
}

function checkPositions({ node }: TypedNode, { output }: Visit): void {
  if (output.hasHiddenPosition(node))
    refuse('a number in ORDER BY, GROUP BY or DISTINCT may mean a masked column')
}

function checkJoin({ node }: TypedNode, { rules }: Visit): void {
  if (node['isNatural'] === true) refuse('NATURAL JOIN may compare masked columns')
  const masked = nameParts(node['usingClause']).find((name) => name !== null && rules.names.has(name))
  if (typeof masked === 'string') refuse(`USING compares ${masked}, which is masked`)
}

function hasStar(list: unknown): boolean {
  return Array.isArray(list) && list.some((item) => unwrapNode(item, '')?.type === 'A_Star')
}

function refuse(why: string): never {
  throw refuseQuery(`This share masks columns: ${why}.`, {
    hint: 'Masked columns may stand by themselves in the list after SELECT, and nowhere else.',
  })
}
