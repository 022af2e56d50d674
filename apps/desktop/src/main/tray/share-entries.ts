import type { DesktopShare, DesktopState } from '@private-connect/ui/desktop'
import { writeName, writeTimeLeft } from './label.ts'
import type { MenuEntry, TextEntry } from './menu-entry.ts'

const sharesMax = 20

const extensions = [
  ['1h', 'To 1 hour from now', 3_600_000],
  ['24h', 'To 24 hours from now', 86_400_000],
  ['7d', 'To 7 days from now', 604_800_000],
] as const

/** *Active shares*, those that end first on top. */
export function activeSharesEntry({ shares }: DesktopState, nowMs: number): TextEntry {
  const sorted = shares.toSorted((a, b) => (a.expiresAtMs ?? Infinity) - (b.expiresAtMs ?? Infinity))
  const rest = sorted.length - sharesMax
  const all: TextEntry = { text: `All ${sorted.length} shares…`, action: { kind: 'open', path: '/shares' } }
  return {
    text: shares.length === 0 ? 'No active shares' : `Active shares (${shares.length})`,
    isEnabled: shares.length > 0,
    entries: [
      ...sorted.slice(0, sharesMax).map((share) => shareEntry(share, nowMs)),
      ...(rest > 0 ? ['separator' as const, all] : []),
    ],
  }
}

function shareEntry(share: DesktopShare, nowMs: number): TextEntry {
  const { id, url, targetHost, targetPort } = share
  const host = targetHost.includes(':') ? `[${targetHost}]` : targetHost
  return {
    text: `${writeName(share.name)} · ${writeTimeLeft(share.expiresAtMs, nowMs)}`,
    entries: [
      { text: `${writeName(host)}:${targetPort}` },
      // The hub keeps no link: whoever lost it makes a new one, on the share's page.
      ...(url === null ? [newLink(id)] : linkEntries(id)),
      { text: 'Activity', action: { kind: 'open', path: `/shares/${id}/activity` } },
      ...extendEntries(share, nowMs),
      'separator',
      { text: 'Revoke', action: { kind: 'revoke', shareId: id } },
    ],
  }
}

function newLink(shareId: string): TextEntry {
  return { text: 'Make a new link…', action: { kind: 'open', path: `/shares/${shareId}` } }
}

function linkEntries(shareId: string): readonly TextEntry[] {
  return [
    { text: 'Copy link', action: { kind: 'copy-link', shareId } },
    { text: 'Open in browser', action: { kind: 'open-link', shareId } },
  ]
}

/** Only what makes its life longer; there is nothing to extend where it has no end. */
function extendEntries({ id, expiresAtMs }: DesktopShare, nowMs: number): readonly MenuEntry[] {
  if (expiresAtMs === null) return []
  const longer = extensions.filter(([, , lifeMs]) => nowMs + lifeMs > expiresAtMs)
  return [
    {
      text: 'Extend',
      isEnabled: longer.length > 0,
      entries: longer.map(([by, text]) => ({ text, action: { kind: 'extend', shareId: id, by } })),
    },
  ]
}
