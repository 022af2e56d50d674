import { toAppError } from '@private-connect/errors'
import type { UpstreamService } from '../dial.ts'
import type { CheckReport } from './check-report.ts'

/** What a dial that failed says to the service's owner. For a target that may not be dialled it is the same as for a closed port. */
export function describeDialFailure({ agentId, targetHost }: UpstreamService, thrown: unknown): CheckReport {
  const error = toAppError(thrown)
  const report = { dns: 'skipped', tcp: 'failed', tls: 'skipped', http: 'skipped', latencyMs: null } as const
  if (error.code === 'agent.offline') {
    return { ...report, tcp: 'skipped', message: 'Its agent is offline.', status: 'offline' }
  }
  if (isLookupFailure(error.cause)) {
    const message =
      error.code === 'upstream.timeout'
        ? `No name server told the address of ${targetHost} in time.`
        : `The name ${targetHost} has no address.`
    return { ...report, dns: 'failed', tcp: 'skipped', message, status: 'unreachable' }
  }
  const sentences: Partial<Record<typeof error.code, string>> = {
    'share.not_shared': 'Its agent was not told to share it.',
    'upstream.timeout': 'Nothing answered in time.',
    'upstream.refused':
      agentId === null
        ? 'Nothing accepts connections there, or the hub does not dial this target.'
        : 'Nothing accepts connections there.',
  }
  return { ...report, message: sentences[error.code] ?? error.publicMessage, status: 'unreachable' }
}

function isLookupFailure(cause: unknown): boolean {
  return cause instanceof Error && (cause as NodeJS.ErrnoException).syscall?.startsWith('query') === true
}
