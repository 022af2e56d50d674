import type { WorkspaceRow } from '@private-connect/db'
import { invalidRequest } from '../../errors/to-api-error.ts'

/** Throws `request.invalid` for a share that asks for writing where its workspace lets databases only be read. */
export function checkWritePolicy(allowWrites: boolean | undefined, workspace: WorkspaceRow): void {
  if (allowWrites !== true || !workspace.databasesReadOnly) return
  throw invalidRequest([{ path: 'allowWrites', message: 'This workspace allows databases only to be read' }])
}
