import type { Db } from '@private-connect/db'

/** What the operations need from the hub around them; the hub's deps.ts wires it. */
export interface ApiPorts {
  /** Origin of the links that the hub prints, without a final slash: `http://localhost:7300`. */
  readonly linkUrl: string
  /** Origin of the API itself, for cookies and the `Link` of a next page; the links' origin where it is left out. */
  readonly hubUrl?: string
  /** Host, with port where needed, below which each share has its own host; null while none is configured. */
  readonly shareDomain: string | null
  /** Called after the commit of whatever ends or narrows a share: drop it from caches, cut its live streams. */
  shareChanged(shareId: string): void | Promise<void>
  /** Called after the commit of a change to a service's target: drop its shares from caches. */
  serviceChanged(serviceId: string): void | Promise<void>
  /** Called after the commit of whatever ends an agent's token: cut its tunnel. */
  agentChanged(agentId: string): void | Promise<void>
  isAgentOnline(agentId: string): boolean
  nowMs(): number
}

/** Who calls, once proven. A key speaks for its workspace, a session for a user in one. */
export type Credential = KeyCredential | SessionCredential

export interface KeyCredential {
  readonly kind: 'api_key'
  readonly id: string
  readonly workspaceId: string
  readonly userId: null
}

export interface SessionCredential {
  readonly kind: 'session'
  readonly id: string
  readonly workspaceId: string
  readonly userId: string
  readonly userEmail: string
  readonly tokenHash: Uint8Array<ArrayBuffer>
}

/** One per request; the hub builds it for REST and tRPC alike. */
export interface ApiContext {
  readonly db: Db
  readonly ports: ApiPorts
  readonly requestId: string
  /** The visitor's or caller's address as the hub trusts it (SPEC §4, Client address). */
  readonly ipAddress: string
  readonly userAgent: string | null
  /**
   * Proves what the request presented: null when it presented nothing, AppError when it is not valid. It is a
   * function so that public operations ignore a stale cookie; `createAuthenticator` remembers its answer.
   */
  readonly authenticate: () => Promise<Credential | null>
  /**
   * Headers that the operation adds to its answer, such as `set-cookie`. REST carries them in its result; the
   * hub's tRPC plugin returns them from `responseMeta`.
   */
  readonly answerHeaders: Headers
}

export interface AuthenticatedContext extends ApiContext {
  readonly credential: Credential
}

export interface SessionContext extends ApiContext {
  readonly credential: SessionCredential
}

/** Where the API is reached. */
export function originOf({ hubUrl, linkUrl }: ApiPorts): string {
  return hubUrl ?? linkUrl
}
