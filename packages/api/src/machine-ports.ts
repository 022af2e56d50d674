import type { ServiceRow } from '@private-connect/db'
import type { Service, ServiceCheck, ServiceCredentials } from './contracts/index.ts'
import type { Vault } from './vault/create-vault.ts'

export type TargetOfService = Pick<
  ServiceRow,
  | 'id'
  | 'workspaceId'
  | 'agentId'
  | 'name'
  | 'targetHost'
  | 'targetPort'
  | 'protocol'
  | 'engine'
  | 'allowsSelfSigned'
>

/** Where an external service is to lead, and whose it is. */
export interface ExternalTarget {
  readonly workspaceId: string
  readonly targetHost: string
  readonly targetPort: number
}

export interface CheckedService {
  readonly check: ServiceCheck
  readonly status: Exclude<Service['status'], 'unknown'>
}

/** What a database said of a login; sentences for its owner. */
export interface LoginFinding {
  /** What it may do beyond what queries should. */
  readonly privilege: string | null
  /** Why it could not be looked at. */
  readonly problem: string | null
}

/** What operations on agents, services, keys and devices need from the hub. */
export interface MachinePorts {
  readonly vault: Vault
  /** Whether the hub would dial this target for an external service; true while its name has no address yet. */
  mayDial(target: ExternalTarget): Promise<boolean>
  /** Dials the service as a visitor's request would, now. Never rejects because of the service. */
  checkService(service: TargetOfService): Promise<CheckedService>
  /** Signs in to a database service, now, and looks at what the login may do. Never rejects because of the service. */
  inspectLogin(service: TargetOfService, login: ServiceCredentials): Promise<LoginFinding>
  /** Counts an attempt of a key; throws `request.rate_limited` above so many in a sliding minute. */
  countAttempt(key: string, perMin: number): void | Promise<void>
}
