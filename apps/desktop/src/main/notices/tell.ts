import { Failure } from '@private-connect/sharing'
import type { DesktopShare } from '@private-connect/ui/desktop'
import { writeName } from '../tray/label.ts'
import type { Notice } from './decide-notices.ts'
import type { Notifier } from './notifier.ts'
import { writeShared, writeVisits } from './write-notice.ts'

export interface TellPorts {
  readonly notifier: Notifier
  readonly openWindow: (path?: string) => void
  /** Of `Desktop`. */
  readonly revokeShare: (shareId: string) => Promise<void>
  readonly nowMs: () => number
}

/** What the app says by notifications. */
export interface Teller {
  visit(notice: Notice): void
  shared(share: DesktopShare): void
  /** What a click asked for did not work. */
  failure(cause: unknown): void
}

export function createTeller({ notifier, openWindow, revokeShare, nowMs }: TellPorts): Teller {
  const failure = (cause: unknown) =>
    notifier.show({ ...writeFailure(cause), onClick: () => openWindow(), actions: [] })

  /** A click shows the share's activity; the button ends it at once. */
  const aboutShare = (shareId: string, name: string) => ({
    onClick: () => openWindow(`/shares/${shareId}/activity`),
    actions: [{ text: 'Revoke', run: () => void revoke(shareId, name) }],
  })

  async function revoke(shareId: string, name: string): Promise<void> {
    try {
      await revokeShare(shareId)
      const onClick = () => openWindow('/shares')
      notifier.show({
        title: `${writeName(name)} is no longer shared`,
        body: 'Its link is dead.',
        onClick,
        actions: [],
      })
    } catch (cause) {
      failure(cause)
    }
  }

  return {
    visit: (notice) => {
      const { shareId, shareName } = notice
      notifier.show({ ...writeVisits(notice), ...aboutShare(shareId, shareName) })
    },
    shared: (share) => {
      notifier.show({ ...writeShared(share, nowMs()), ...aboutShare(share.id, share.name) })
    },
    failure,
  }
}

/** A notification has room for no more, whoever wrote it. */
const wordsMax = 200

/** The words of a Failure are for people; others are for the log. Some are the hub's. */
function writeFailure(cause: unknown): { readonly title: string; readonly body: string } {
  if (!(cause instanceof Failure))
    return { title: 'That did not work', body: 'Something went wrong in the app.' }
  return { title: writeName(cause.message, wordsMax), body: writeName(cause.hint ?? '', wordsMax) }
}
