import type { CommandContext } from './command-context.ts'

/** `ls`: the active shares of the workspace, or all of them. */
export async function runListShares(
  { hub, presenter }: CommandContext,
  flags: { readonly all?: boolean },
): Promise<void> {
  const shares = await hub.listShares()
  presenter.shares(flags.all === true ? shares : shares.filter((share) => share.isActive))
}
