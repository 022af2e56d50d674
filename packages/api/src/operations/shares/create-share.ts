import { createShare as insertShare, getWorkspace, inTransaction, type NewShare } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { AuthenticatedContext } from '../../context.ts'
import type { Credential } from '../../credentials/credential.ts'
import type { CreatedShare, CreateShareInput } from '../../contracts/index.ts'
import { hashToken, mintToken, previewShareToken } from '../../credentials/tokens.ts'
import { recordAction } from '../record-action.ts'
import { shareExpiryOf } from './share-expiry.ts'
import { checkWritePolicy } from './share-policy.ts'
import { appendShareEvent } from './share-event.ts'
import { presentNewLink } from './present-new-link.ts'
import { isoTimeOf } from '../iso-time.ts'

/** A new share with its link, which is shown this once. Throws `service.not_found`, `request.invalid`. */
export async function createShare(
  ctx: AuthenticatedContext,
  input: CreateShareInput,
): Promise<{ success: true; share: CreatedShare }> {
  const token = mintToken('share')
  const row = await inTransaction(ctx.db, async (tx) => {
    const workspace = await getWorkspace(tx, ctx.credential.workspaceId)
    if (workspace === null) throw new AppError('auth.invalid')
    const expiresAt = shareExpiryOf(input, workspace, ctx.ports.nowMs())
    checkWritePolicy(input.allowWrites, workspace)
    const created = await insertShare(tx, {
      ...columnsOf(ctx.credential, input),
      expiresAt,
      link: { tokenHash: hashToken(token), tokenPreview: previewShareToken(token) },
    })
    await appendShareEvent(tx, ctx, { type: 'share.created', share: created })
    await recordAction(tx, ctx, {
      action: 'share.created',
      subjectId: created.id,
      details: {
        serviceId: created.serviceId,
        name: created.name,
        expiresAt: isoTimeOf(expiresAt),
      },
    })
    return created
  })
  ctx.ports.eventsAppended(row.workspaceId)
  return presentNewLink(ctx.ports, row, token)
}

function columnsOf(credential: Credential, input: CreateShareInput): Omit<NewShare, 'link' | 'expiresAt'> {
  return {
    workspaceId: credential.workspaceId,
    serviceId: input.serviceId,
    createdByUserId: credential.userId,
    createdByApiKeyId: credential.kind === 'api_key' ? credential.id : null,
    name: input.name,
    description: input.description ?? null,
    allowedPaths: input.allowedPaths ?? null,
    allowedMethods: input.allowedMethods ?? null,
    rateLimitPerMin: input.rateLimitPerMin ?? null,
    allowWrites: input.allowWrites,
    maskedColumns: input.maskedColumns,
  }
}
