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
