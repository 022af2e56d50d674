export interface LocalTarget {
  readonly host: string
  readonly port: number
}

/** What this machine's user shared, by service id; a Map will do. Only the agent's own side ever writes it. */
export interface LocalTargets {
  get(serviceId: string): LocalTarget | undefined
  keys(): Iterable<string>
}
