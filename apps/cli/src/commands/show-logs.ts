import { showNewest, watchVisits } from '../sharing/watch-visits.ts'
import type { CommandContext } from './command-context.ts'

/** `logs <share id>`: the newest visits, and with `--follow` those that come. */
export async function runShowLogs(
  { hub, presenter, listenForStop }: CommandContext,
  shareId: string,
  flags: { readonly follow?: boolean },
): Promise<void> {
  const onVisit = presenter.visit.bind(presenter)
  const after = showNewest(await hub.listLogs(shareId), { onVisit })
  if (flags.follow !== true) return
  await watchVisits({
    hub,
    shareId,
    signal: listenForStop().signal,
    onVisit,
    ...(after === undefined ? {} : { after }),
  })
}
