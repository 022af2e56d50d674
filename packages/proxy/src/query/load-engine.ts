import type { EngineName, QueryEngine } from './query-engine.ts'

// Each brings its driver and its parser along: what no share asks for is not loaded.
const engines: Readonly<Record<EngineName, () => Promise<QueryEngine>>> = {
  mongodb: async () => (await import('./mongodb/mongodb-engine.ts')).mongodbEngine,
  mysql: async () => (await import('./mysql/mysql-engine.ts')).mysqlEngine,
  postgresql: async () => (await import('./postgresql/postgresql-engine.ts')).postgresqlEngine,
  redis: async () => (await import('./redis/redis-engine.ts')).redisEngine,
}

export async function loadEngine(name: EngineName): Promise<QueryEngine> {
  return engines[name]()
}
