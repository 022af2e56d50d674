import { nameParts, unwrapNode, type TreeNode, type TypedNode } from '../statement/tree-nodes.ts'

export interface OutputColumns {
  /** New names that the statement's own list gives to masked columns. */
  readonly aliases: readonly string[]
  /** `ORDER BY 2` where the second column may be masked. */
  hasHiddenPosition(select: TreeNode): boolean
}

/** What the lists of output columns say of masked ones. */
export function outputColumns(statement: TypedNode, masked: ReadonlySet<string>): OutputColumns {
  const aliases = targetsOf(statement.node).flatMap((target) =>
    isMaskedColumn(target, masked) && typeof target['name'] === 'string' ? [target['name']] : [],
  )
  return {
    aliases,
    hasHiddenPosition(select) {
      // The arms of a set operation have no masked columns.
      if (select['larg'] !== undefined) return false
      const positions = ['sortClause', 'groupClause', 'distinctClause'].flatMap((clause) =>
        listOf(select[clause]).flatMap(positionsIn),
      )
      const targets = targetsOf(select)
      const firstStar = targets.findIndex(isStar)
      return positions.some((position) => {
        const target = targets[position - 1]
        const isCounted = firstStar === -1 || position <= firstStar
        return !isCounted || target === undefined || isMaskedColumn(target, masked)
      })
    },
  }
}

/** Numbers in ORDER BY and in all forms of GROUP BY. */
function positionsIn(item: TypedNode): number[] {
  if (item.type === 'A_Const') {
    const number = (item.node['ival'] as { ival?: number } | undefined)?.ival
    return number === undefined ? [] : [number]
  }
  if (item.type === 'SortBy') {
    const inner = unwrapNode(item.node['node'], '')
    return inner === null ? [] : positionsIn(inner)
  }
  return item.type === 'GroupingSet' ? listOf(item.node['content']).flatMap(positionsIn) : []
}

function targetsOf(select: TreeNode): TreeNode[] {
  return listOf(select['targetList']).map(({ node }) => node)
}

function listOf(list: unknown): TypedNode[] {
  if (!Array.isArray(list)) return []
  return list.map((item) => unwrapNode(item, '')).filter((item) => item !== null)
}

function isStar(target: TreeNode): boolean {
  const column = unwrapNode(target['val'], '')
  return listOf(column?.node['fields']).some(({ type }) => type === 'A_Star')
}

function isMaskedColumn(target: TreeNode, masked: ReadonlySet<string>): boolean {
  const column = unwrapNode(target['val'], '')
  const name = column?.type === 'ColumnRef' ? nameParts(column.node['fields']).at(-1) : null
  return typeof name === 'string' && masked.has(name)
}
