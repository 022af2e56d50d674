/**
 * All that a query may consist of. What a newer PostgreSQL adds is refused until somebody has looked at it: the list says
 * what is allowed, never what is not.
 */
const reading = [
  'SelectStmt ResTarget ColumnRef A_Star A_Const A_Expr A_Indirection A_Indices A_ArrayExpr ParamRef',
  'Integer Float Boolean String BitString List',
  'RangeVar RangeSubselect RangeFunction RangeTableSample RangeTableFunc RangeTableFuncCol JoinExpr Alias ColumnDef',
  'WithClause CommonTableExpr CTESearchClause CTECycleClause',
  'FuncCall NamedArgExpr WindowDef SortBy GroupingSet GroupingFunc',
  'BoolExpr NullTest BooleanTest CaseExpr CaseWhen CoalesceExpr MinMaxExpr SubLink RowExpr',
  'TypeCast TypeName CollateClause SQLValueFunction XmlExpr XmlSerialize',
  'JsonTable JsonTableColumn JsonTablePathSpec JsonFuncExpr JsonValueExpr JsonFormat JsonOutput JsonReturning',
  'JsonObjectConstructor JsonKeyValue JsonArrayConstructor JsonArrayQueryConstructor JsonObjectAgg JsonArrayAgg',
  'JsonAggConstructor JsonIsPredicate JsonParseExpr JsonScalarExpr JsonSerializeExpr JsonBehavior JsonArgument',
]
  .join(' ')
  .split(' ')

const writing = [
  'InsertStmt UpdateStmt DeleteStmt SetToDefault MultiAssignRef',
  'OnConflictClause InferClause IndexElem ReturningClause ReturningOption',
]
  .join(' ')
  .split(' ')

export const writeStatements: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt'])
const readNodes: ReadonlySet<string> = new Set(reading)
const writeNodes: ReadonlySet<string> = new Set([...reading, ...writing])

/** The nodes below a statement of this kind that are allowed; the statement itself is looked at before. */
export function allowedNodes(kind: 'read' | 'write'): ReadonlySet<string> {
  return kind === 'read' ? readNodes : writeNodes
}

const wordsOfNode: Readonly<Record<string, string>> = {
  IntoClause: 'SELECT INTO, which creates a table',
  LockingClause: 'FOR UPDATE and FOR SHARE, which lock rows',
  InsertStmt: 'a nested INSERT',
  UpdateStmt: 'a nested UPDATE',
  DeleteStmt: 'a nested DELETE',
  MergeStmt: 'a nested MERGE',
  CurrentOfExpr: 'WHERE CURRENT OF, which needs a cursor',
}

/** What the asker calls this node. */
export function describeNode(type: string): string {
  return (
    wordsOfNode[type] ?? `${type || 'this kind of expression'}, which is not on the list of allowed forms`
  )
}

const wordsOfStatement: Readonly<Record<string, string>> = {
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
  VariableSetStmt: 'SET and RESET',
  TransactionStmt: 'Transaction control',
  CopyStmt: 'COPY',
  CallStmt: 'CALL',
  DoStmt: 'DO',
  LockStmt: 'LOCK',
  ListenStmt: 'LISTEN',
  NotifyStmt: 'NOTIFY',
  PrepareStmt: 'PREPARE',
  ExecuteStmt: 'EXECUTE',
  DeclareCursorStmt: 'DECLARE CURSOR',
  TruncateStmt: 'TRUNCATE',
  DropStmt: 'DROP',
  CreateTableAsStmt: 'CREATE TABLE AS',
  VacuumStmt: 'VACUUM and ANALYZE',
}

/** `DropRoleStmt` as `DROP ROLE` where no better words are known. */
export function describeStatement(type: string): string {
  const words = type.replace(/Stmt$/, '').replaceAll(/([a-z])([A-Z])/g, '$1 $2')
  return wordsOfStatement[type] ?? words.toUpperCase()
}
