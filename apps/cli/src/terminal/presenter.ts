import type { AccessLogEntry, CreatedShare, Service, Share } from '@private-connect/api/contracts'
import type { AgentStatus } from '@private-connect/proxy/tunnel'
import type { Failure } from '@private-connect/sharing'
import type { Arrival } from '../sharing/watch-visitors.ts'

export interface OpenedShare {
  readonly share: CreatedShare
  readonly service: Service
  readonly agentId: string
  /** The link to hand out: the one on a host of its own where there is one, since web apps need it. */
  readonly url: string
  readonly showsQr: boolean
  /** What happens when the command ends. */
  readonly keepsShare: boolean
}

export type EndReason = 'stopped' | 'expired' | 'revoked_elsewhere'

export interface ShareEnd {
  readonly shareId: string
  readonly reason: EndReason
  readonly isRevoked: boolean
}

export interface LoginCode {
  readonly userCode: string
  readonly verificationUri: string
  /** The same page with the code filled in. */
  readonly verificationUriComplete: string
}

/** Everything that the program tells, for people or for programs. Nothing else writes to the terminal. */
export interface Presenter {
  shareOpened(opened: OpenedShare): void
  /** Somebody's first request begins to be answered, or the first after a while. */
  visitorCame(visitor: Arrival): void
  /** A request has ended. */
  visit(entry: AccessLogEntry): void
  tunnelChanged(status: AgentStatus): void
  shareEnded(end: ShareEnd): void
  shares(shares: readonly Share[]): void
  shareRevoked(shareId: string): void
  /** Where to approve this device, and the code to compare. */
  loginStarted(code: LoginCode): void
  loggedIn(who: { readonly email: string; readonly workspaceName: string }): void
  loggedOut(): void
  /** Worth knowing, not a reason to stop. */
  warn(message: string): void
  failed(failure: Failure): void
}

export interface TextOutput {
  /** Result lines. */
  readonly out: (line: string) => void
  /** Warnings and failures. */
  readonly err: (line: string) => void
}
