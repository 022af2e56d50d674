export {
  defaultQueryCaps,
  type CheckedQuery,
  type DatabaseLogin,
  type DatabaseTls,
  type EngineName,
  type ExecuteOptions,
  type QueryCaps,
  type QueryConnection,
  type QueryEngine,
  type QueryRequest,
  type QueryResult,
  type QueryRules,
  type RoleFinding,
} from './query-engine.ts'
export { runQuery, type QueryAnswer, type QueryEnding, type QueryPorts, type QueryTask } from './run-query.ts'
export { loadEngine } from './load-engine.ts'
