export type CheckStep = 'ok' | 'failed' | 'skipped'

export interface CheckReport {
  readonly dns: CheckStep
  readonly tcp: CheckStep
  readonly tls: CheckStep
  readonly http: CheckStep
  /** Until the service had accepted; null when it did not. */
  readonly latencyMs: number | null
  /** A sentence for the service's owner. */
  readonly message: string
  readonly status: 'active' | 'offline' | 'unreachable'
}
