import type { CommandContext } from './command-context.ts'

/** `revoke <share id>`. */
export async function runRevokeShare({ hub, presenter }: CommandContext, shareId: string): Promise<void> {
  await hub.revokeShare(shareId)
  presenter.shareRevoked(shareId)
}
