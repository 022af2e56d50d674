import { knownEngine } from '@private-connect/api/contracts'
import type { ShareGrantRow } from '@private-connect/db'
import type { ShareGrant } from '@private-connect/proxy/serve'

/** The data plane's words for what the database has. */
export function toShareGrant(row: ShareGrantRow | null): ShareGrant | null {
  if (row === null) return null
  const { allowWrites, maskedColumns, databasesReadOnly, linkId, ...grant } = row
  const { allowsSelfSigned, ...service } = row.service
  const engine = knownEngine(service)
  const database = { allowWrites, maskedColumns, linkId, isReadOnly: databasesReadOnly }
  return {
    ...grant,
    service: { ...service, workspaceId: row.workspaceId, acceptsSelfSigned: allowsSelfSigned },
    ...(engine === null ? {} : { database: { engine, ...database } }),
  }
}
