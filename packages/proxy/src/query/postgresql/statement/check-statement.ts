import { refuseQuery } from '../../query-errors.ts'
import type { CheckedQuery, QueryRequest, QueryRules } from '../../query-engine.ts'
import { allowedNodes, describeNode, describeStatement, writeStatements } from './allowed-nodes.ts'
import { characterPosition, parseSql } from './grammar.ts'
import { collectReferences, type References } from './references.ts'
import { childNodes, unwrapNode, walkTree, type TreeNode, type TypedNode } from './tree-nodes.ts'

export interface CheckedStatement extends CheckedQuery {
  /** What is sent to the server: the query without a byte order mark, which editors put before a text unseen. */
  readonly text: string
  /** What is run or explained, never the EXPLAIN around it. */
  readonly statement: TypedNode
  readonly references: References
}

interface Candidate {
  readonly kind: 'read' | 'write'
  /** Null: SHOW, which has nothing below it. */
  readonly statement: TypedNode | null
}

const nothing: TypedNode = { type: 'VariableShowStmt', node: {}, field: '' }

/**
 * Lets through one statement of an allowed kind that consists of allowed nodes only, as PostgreSQL's own grammar reads it.
 * Throws `query.refused`, or `query.failed` with the parser's message where the text is no SQL.
 */
export async function checkStatement(request: QueryRequest, rules: QueryRules): Promise<CheckedStatement> {
  const text = request.query.replace(/^\uFEFF/, '')
  const root = await parseOne(text)
  const candidate = chooseStatement(root, rules)
  const statement = candidate.statement ?? nothing
  const allowed = allowedNodes(writeStatements.has(statement.type) ? 'write' : 'read')
  const refuse = (what: string, node: TreeNode): never => {
    throw refuseQuery(`This share does not allow ${what}.`, {
      position: positionOf(text, node),
      hint: 'Send one SELECT, VALUES, TABLE, SHOW or EXPLAIN, and call functions that only read.',
    })
  }
  for (const child of childNodes(statement)) {
    for (const typed of walkTree(child)) {
      if (!allowed.has(typed.type)) refuse(describeNode(typed.type), typed.node)
      if (writeStatements.has(typed.type)) refuse(describeNode(typed.type), typed.node)
    }
  }
  return { kind: candidate.kind, text, statement, references: collectReferences(statement, refuse) }
}

async function parseOne(text: string): Promise<TypedNode> {
  const outcome = await parseSql(text)
  if (outcome.kind === 'too-deep') throw refuseQuery('This query is nested too deeply.')
  if (outcome.kind === 'wrong') {
    const position = outcome.position > 0 ? outcome.position : null
    throw refuseQuery(`This is not SQL that PostgreSQL reads: ${outcome.message}.`, { position })
  }
  const statements = outcome.tree.stmts ?? []
  const [first, second] = statements
  if (first === undefined) throw refuseQuery('There is no statement in this query.')
  if (second !== undefined) {
    throw refuseQuery('Send one statement at a time; there is a second one.', {
      position: characterPosition(text, second.stmt_location ?? 0),
    })
  }
  const root = unwrapNode(first.stmt, '')
  if (root === null) throw refuseQuery('There is no statement in this query.')
  return root
}

function chooseStatement(root: TypedNode, rules: QueryRules): Candidate {
  if (root.type === 'SelectStmt') return { kind: 'read', statement: root }
  if (root.type === 'VariableShowStmt') return { kind: 'read', statement: null }
  if (root.type === 'ExplainStmt') return { kind: 'read', statement: explainedStatement(root.node) }
  if (writeStatements.has(root.type) && rules.allowWrites) return { kind: 'write', statement: root }
  const words = describeStatement(root.type)
  throw refuseQuery(
    writeStatements.has(root.type)
      ? `${words} is refused: this share can only read.`
      : `${words} is not allowed by a share.`,
    {
      position: 1,
      hint: rules.allowWrites
        ? 'Send one SELECT, VALUES, TABLE, SHOW, EXPLAIN, INSERT, UPDATE or DELETE.'
        : 'Send one SELECT, VALUES, TABLE, SHOW or EXPLAIN.',
    },
  )
}

const explainOptions = new Set(
  'analyze verbose costs buffers timing summary format settings wal generic_plan memory serialize'.split(' '),
)

/** Plans of reads and writes may be seen; what ANALYZE executes must be a read. */
function explainedStatement(explain: TreeNode): TypedNode {
  const options = (Array.isArray(explain['options']) ? explain['options'] : []).map(
    (option) => (option as { DefElem?: { defname?: string } }).DefElem?.defname ?? '',
  )
  const unknown = options.find((option) => !explainOptions.has(option))
  if (unknown !== undefined) throw refuseQuery(`This share does not allow the option ${unknown} of EXPLAIN.`)
  const explained = unwrapNode(explain['query'], '')
  if (explained?.type === 'SelectStmt') return explained
  if (explained === null || !writeStatements.has(explained.type))
    throw refuseQuery(`This share does not explain ${describeStatement(explained?.type ?? '')}.`)
  if (options.includes('analyze'))
    throw refuseQuery(`EXPLAIN ANALYZE would execute the ${describeStatement(explained.type)}.`)
  return explained
}

function positionOf(text: string, node: TreeNode): number | null {
  const own = node['location']
  if (typeof own === 'number') return characterPosition(text, own)
  for (const { node: inner } of walkTree({ type: '', node, field: '' })) {
    const { location } = inner
    if (typeof location === 'number' && location >= 0) return characterPosition(text, location)
  }
  return null
}
