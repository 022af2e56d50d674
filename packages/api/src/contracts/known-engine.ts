import type { databaseEngines } from './query.ts'

type EngineName = (typeof databaseEngines)[number]

const enginePorts: Readonly<Record<number, EngineName>> = {
  5432: 'postgresql',
  3306: 'mysql',
  27017: 'mongodb',
  6379: 'redis',
}

export interface DatabaseTarget {
  /** As its owner named it. */
  readonly engine: EngineName | null
  readonly protocol: 'auto' | 'http' | 'https' | 'tcp'
  readonly targetPort: number
}

/** The database behind a service: the named engine, else by the known port unless it is said to speak HTTP. Null: none. */
export function knownEngine({ engine, protocol, targetPort }: DatabaseTarget): EngineName | null {
  if (engine !== null) return engine
  if (protocol === 'http' || protocol === 'https') return null
  return enginePorts[targetPort] ?? null
}
