import { getWorkspace as findWorkspace } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../context.ts'

/** The caller's workspace. */
export async function getWorkspace(ctx: AuthenticatedContext) {
  const row = await findWorkspace(ctx.db, ctx.credential.workspaceId)
  if (row === null) throw new AppError('auth.invalid')
  return { id: row.id, name: row.name, createdAt: row.createdAt.toISOString() }
}
