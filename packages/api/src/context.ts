import type { Queryable } from '@private-connect/db'
import type { Credential, SessionCredential } from './credentials/credential.ts'
import type { LivePorts } from './live-ports.ts'
import type { AskAsOwner } from './query-ports.ts'
import type { MachinePorts } from './machine-ports.ts'
import type { SignInPorts } from './sign-in-ports.ts'
import type { WebhookPorts } from './webhook-ports.ts'

/** What the operations need from the hub around them; the hub's deps.ts wires it. */
export interface ApiPorts {
  /** Origin of the links that the hub prints, without a final slash: `http://localhost:7300`. */
  readonly linkUrl: string
  /** Origin of the API itself, for cookies and the `Link` of a next page. */
  readonly hubUrl: string
  /** Host, with port where needed, below which each share has its own host; null while none is configured. */
  readonly shareDomain: string | null
  /** Called after the commit of whatever ends or narrows a share: drop it from caches, cut its live streams. */
  shareChanged(shareId: string): void | Promise<void>
  /** Called after the commit of a change that takes nothing from visitors: drop it from caches, what is open goes on. */
  shareRefreshed(shareId: string): void | Promise<void>
  /** Called after the commit of a change to a workspace's name or policy: drop its shares from caches. */
  workspaceChanged(workspaceId: string): void | Promise<void>
  /** Called after the commit of what ends a service or leads it elsewhere: drop its shares from caches, cut their live streams. */
  serviceChanged(serviceId: string): void | Promise<void>
  /** Called after the commit of whatever ends an agent's token: cut its tunnel. */
  agentChanged(agentId: string): void | Promise<void>
  /** Called after the commit of whatever ends or restricts a key or a session: forget the workspace's credentials. */
  credentialsChanged(workspaceId: string): void
  /** Called after the commit of whatever appended events to a workspace's stream: whoever follows it reads on. */
  eventsAppended(workspaceId: string): void
  isAgentOnline(agentId: string): boolean
  readonly signIn: SignInPorts
  readonly machines: MachinePorts
  readonly webhooks: WebhookPorts
  readonly live: LivePorts
  readonly askAsOwner: AskAsOwner
  nowMs(): number
}

/** One per request; the hub builds it for REST and tRPC alike. */
export interface ApiContext {
  /** The database; for a write with an Idempotency-Key the transaction that all of it runs in. */
  readonly db: Queryable
  readonly ports: ApiPorts
  readonly requestId: string
  /** The visitor's or caller's address as the hub trusts it (SPEC §4, Client address). */
  readonly ipAddress: string
  readonly userAgent: string | null
  /** As it was sent; empty where there was none. */
  readonly cookieHeader: string
  /** Throws `auth.cross_site` for a call that another site makes a browser send, reads too. */
  refuseCrossSite(): void
  /** The header of that name: a create that is repeated with the same key is done once. */
  readonly idempotencyKey?: string | undefined
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
