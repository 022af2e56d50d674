export interface AgentIdentity {
  readonly agentId: string
  readonly token: string
}

/** Where a program keeps this machine's agents, by the hub's origin. */
export interface AgentIdentities {
  /** An identity that no other running process uses, now taken by this one; null when none is free. Once per process and hub. */
  claim(hubUrl: string): Promise<AgentIdentity | null>
  /** Stores a new identity, taken by this process. */
  add(hubUrl: string, identity: AgentIdentity): Promise<void>
  /** Lets the next process have it. */
  release(hubUrl: string, agentId: string): Promise<void>
  /** Deletes an identity that the hub no longer accepts. */
  forget(hubUrl: string, agentId: string): Promise<void>
}
