import type { Db } from 'mongodb'
import type { RoleFinding } from '../query-engine.ts'

/** Actions that no query needs; a role that has one is an administrator's. */
const privilegedActions = new Set(
  `anyAction internal applyOps shutdown fsync createUser dropUser grantRole grantPrivilegesToRole revokeRole createRole
  dropRole changePassword changeAnyCustomData dropDatabase replSetReconfig replSetStateChange setParameter killop
  killAnySession impersonate hostInfo addShard enableSharding bypassDocumentValidation`.split(/\s+/),
)

interface ConnectionStatus {
  readonly authInfo?: {
    readonly authenticatedUsers?: readonly unknown[]
    readonly authenticatedUserPrivileges?: readonly { readonly actions?: readonly string[] }[]
  }
}

/** What the session may do, by the server's own account. A server that asks nobody who they are lets all do everything. */
export async function inspectRole(db: Db): Promise<RoleFinding> {
  const { authInfo } = (await db.command({ connectionStatus: 1, showPrivileges: true })) as ConnectionStatus
  if ((authInfo?.authenticatedUsers ?? []).length === 0) {
    return {
      isPrivileged: true,
      reason: 'This server asks nobody to sign in, so that everybody may do everything.',
    }
  }
  const actions = (authInfo?.authenticatedUserPrivileges ?? []).flatMap(
    (privilege) => privilege.actions ?? [],
  )
  const found = actions.find((action) => privilegedActions.has(action))
  if (found === undefined) return { isPrivileged: false, reason: null }
  return { isPrivileged: true, reason: `This login may do more than queries should (${found}).` }
}
