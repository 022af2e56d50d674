import type { LoginFinding, TargetOfService } from '@private-connect/api'
import { knownEngine, type ServiceCredentials } from '@private-connect/api/contracts'
import { toAppError } from '@private-connect/errors'
import { loadEngine } from '@private-connect/proxy/query'
import type { Dial } from '@private-connect/proxy/serve'
import { connectionOf } from './database-connection.ts'

const timeoutMs = 10_000

/** What a login may do, asked of its database, for the owner who is about to store it. */
export async function inspectLogin(
  dial: Dial,
  { allowsSelfSigned, ...target }: TargetOfService,
  login: ServiceCredentials,
): Promise<LoginFinding> {
  const name = knownEngine(target)
  if (name === null) {
    return { privilege: null, problem: 'It is not known which database this is. Name its engine.' }
  }
  const service = { ...target, acceptsSelfSigned: allowsSelfSigned }
  try {
    const engine = await loadEngine(name)
    const connection = connectionOf({ engine, service, shareId: '', login, dial })
    const { isPrivileged, reason } = await engine.inspectRole(connection, AbortSignal.timeout(timeoutMs))
    return {
      privilege: isPrivileged ? (reason ?? 'This login may do more than queries should.') : null,
      problem: null,
    }
  } catch (thrown) {
    // Its owner may learn what the database said; visitors never do.
    const { message } = toAppError(thrown)
    return { privilege: null, problem: `The database could not be asked about this login: ${message}` }
  }
}
