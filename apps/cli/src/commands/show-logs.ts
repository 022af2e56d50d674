import { planLogs, type LogFlags } from '../sharing/log-filter.ts'
import { showNewest, watchVisits } from '../sharing/watch-visits.ts'
import type { CommandContext } from './command-context.ts'

/** `logs <share id>`: the newest visits that pass the filter, and with `--follow` those that come. */
export async function runShowLogs(
  { hub, presenter, listenForStop }: CommandContext,
  shareId: string,
  flags: LogFlags & { readonly follow?: boolean },
): Promise<void> {
  const { filter, entriesMax } = planLogs(flags, Date.now())
  const onVisit = presenter.visit.bind(presenter)
  const after = showNewest(await hub.listLogs(shareId, { filter, entriesMax }), { onVisit })
  if (flags.follow !== true) return
  await watchVisits({
    hub,
    shareId,
    signal: listenForStop().signal,
    onVisit,
    filter,
    ...(after === undefined ? {} : { after }),
  })
}
