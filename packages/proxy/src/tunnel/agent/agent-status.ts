/** Why an agent is waiting before it connects again. */
export type WaitReason =
  | 'unreachable'
  | 'connection_lost'
  | 'tls_failed'
  | 'unauthorized'
  | 'version_refused'
  | 'connected_elsewhere'
  | 'proxy_failed'
  | 'portal'
  | 'hub_unavailable'
  | 'protocol_error'

/** What the agent's user is told. */
export type AgentStatus =
  | { readonly state: 'connecting'; readonly attempt: number }
  | {
      readonly state: 'connected'
      readonly transport: 'raw' | 'websocket'
      readonly hubVersion: string
      readonly sinceMs: number
    }
  | {
      readonly state: 'waiting'
      readonly reason: WaitReason
      /** One sentence for people, without secrets. */
      readonly message: string
      readonly retryAtMs: number
    }
  | { readonly state: 'closed' }
