import type { knownEngine } from '@private-connect/api/contracts'

export type Engine = NonNullable<ReturnType<typeof knownEngine>>

/** What a database is called, and something that it answers without knowing what is in it. */
export const engines: Readonly<Record<Engine, { readonly name: string; readonly example: string }>> = {
  postgresql: {
    name: 'PostgreSQL',
    example: "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
  },
  mysql: { name: 'MySQL or MariaDB', example: 'SHOW TABLES' },
  mongodb: { name: 'MongoDB', example: 'db.getCollectionNames()' },
  redis: { name: 'Redis', example: 'SCAN 0 COUNT 100' },
}
