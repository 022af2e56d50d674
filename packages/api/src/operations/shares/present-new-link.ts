import type { ShareRow } from '@private-connect/db'
import type { CreatedShare } from '../../contracts/index.ts'
import { isoTimeOf } from '../iso-time.ts'
import { shareUrlOf, subdomainUrlOf, type LinkPorts } from './share-links.ts'

/** A share with a link that was just made: the only answer that has the token. */
export function presentNewLink(
  ports: LinkPorts,
  row: ShareRow,
  token: string,
): { success: true; share: CreatedShare } {
  return {
    success: true,
    share: {
      id: row.id,
      token,
      name: row.name,
      expiresAt: isoTimeOf(row.expiresAt),
      shareUrl: shareUrlOf(ports, token),
      subdomainUrl: subdomainUrlOf(ports, token),
    },
  }
}
