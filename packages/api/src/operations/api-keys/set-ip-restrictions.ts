import { inTransaction, setApiKeyIpRanges } from '@private-connect/db'
import { parseNetworkRange } from '@private-connect/network'
import type { SessionContext } from '../../context.ts'
import { invalidRequest } from '../../errors/to-api-error.ts'
import { recordAction } from '../record-action.ts'
import { presentApiKeyDetails } from './manage-api-keys.ts'

export interface IpRestrictions {
  readonly id: string
  readonly allowedIpRanges: readonly string[]
}

/** Limits a key to ranges, from its next request on. Throws `api_key.not_found`, `request.invalid` naming a bad range. */
export async function setIpRestrictions(ctx: SessionContext, { id, ...input }: IpRestrictions) {
  const { workspaceId } = ctx.credential
  const allowedIpRanges = [...new Set(input.allowedIpRanges.map(canonicalRange))]
  const row = await inTransaction(ctx.db, async (tx) => {
    const changed = await setApiKeyIpRanges(tx, { workspaceId, apiKeyId: id, allowedIpRanges })
    await recordAction(tx, ctx, { action: 'api_key.restricted', subjectId: id, details: { allowedIpRanges } })
    return changed
  })
  ctx.ports.credentialsChanged(workspaceId)
  return presentApiKeyDetails(row)
}

/** Stored in one spelling, so that duplicates show and every reader means the same. */
function canonicalRange(text: string, index: number): string {
  const range = parseNetworkRange(text)
  if (range !== undefined) return range.text
  const message = `${JSON.stringify(text)} is no range such as 10.0.0.0/8 or 2001:db8::/32, with no bits set behind the prefix`
  throw invalidRequest([{ path: `allowedIpRanges.${index}`, message }])
}
