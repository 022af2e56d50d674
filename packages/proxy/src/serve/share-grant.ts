import type { DatabaseGrant } from './database/database-grant.ts'
import type { UpstreamService } from './dial.ts'

export type ShareMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * What a token stands for at this moment. Immutable: a changed share is a new object, because rules that were
 * compiled from a grant are remembered by its identity.
 */
export interface ShareGrant {
  readonly id: string
  readonly workspaceId: string
  readonly workspaceName: string
  readonly name: string
  readonly isRevoked: boolean
  readonly expiresAtMs: number | null
  /** null: every path. */
  readonly allowedPaths: readonly string[] | null
  /** null: every method but TRACE and CONNECT. */
  readonly allowedMethods: readonly ShareMethod[] | null
  /** null: the hub's default. */
  readonly rateLimitPerMin: number | null
  /** Whether pages carry the banner; the workspace's choice. */
  readonly showsBranding: boolean
  readonly service: UpstreamService
  /** Only where the service is a database that can be queried. */
  readonly database?: DatabaseGrant
}
