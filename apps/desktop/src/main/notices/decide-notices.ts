/** A visitor's access to a share, as an event tells it. */
export interface Visit {
  readonly shareId: string
  readonly shareName: string
  readonly visitorId: string
  readonly ipAddress: string | null
  /** Such as what fetches a preview for a chat. */
  readonly isBot: boolean
  readonly isReturning: boolean
}

/** What a person is told: of one visitor, or of several at once. */
export interface Notice {
  readonly shareId: string
  readonly shareName: string
  /** Visitors since the last notice of this share. */
  readonly count: number
  /** Whether the share had a notice before: these are *more* visitors. */
  readonly isMore: boolean
  /** Null where it is not known, or of several. */
  readonly ipAddress: string | null
}

interface ShareMemory {
  readonly shareName: string
  readonly toldAtMs: number | null
  readonly waiting: number
  /** Of the last one that waits. */
  readonly ipAddress: string | null
  /** Those that were heard of, the oldest first. */
  readonly visitors: ReadonlySet<string>
}

/** By share. Empty at the start of the app. */
export type NoticeMemory = ReadonlyMap<string, ShareMemory>

export interface NoticeContext {
  readonly nowMs: number
  readonly notifies: boolean
  readonly snoozedUntilMs: number | null
  /** Somebody presents, or is away: notices wait, and come as one. */
  readonly isPresenting: boolean
}

export interface NoticeDecision {
  readonly memory: NoticeMemory
  readonly notices: readonly Notice[]
  /** When to ask again, for those that wait; null where none does. */
  readonly wakeAtMs: number | null
}

/** At most one notice of a share in this time. */
export const pauseMs = 60_000
/** Visitors of a share that are remembered; an older one that comes back may be told again. */
const visitorsMax = 1000

const unheard: ShareMemory = {
  shareName: '',
  toldAtMs: null,
  waiting: 0,
  ipAddress: null,
  visitors: new Set(),
}

/** Each visitor is told once, link previews never. Nothing is told later of what happens while notifications are off or snoozed. */
export function hearVisit(memory: NoticeMemory, visit: Visit, context: NoticeContext): NoticeDecision {
  const before = memory.get(visit.shareId) ?? unheard
  const isKnown = visit.isBot || visit.isReturning || before.visitors.has(visit.visitorId)
  if (isKnown) return { memory, notices: [], wakeAtMs: nextWake(memory, context) }
  const heard = {
    ...before,
    shareName: visit.shareName,
    waiting: before.waiting + 1,
    ipAddress: visit.ipAddress,
    visitors: new Set([...before.visitors, visit.visitorId].slice(-visitorsMax)),
  }
  return wake(new Map([...memory, [visit.shareId, heard]]), context)
}

/** Tells what has waited long enough. */
export function wake(memory: NoticeMemory, context: NoticeContext): NoticeDecision {
  const isOff = !context.notifies || (context.snoozedUntilMs ?? 0) > context.nowMs
  const isDue = (share: ShareMemory) => share.waiting > 0 && dueAtMs(share, context) <= context.nowMs
  const notices: Notice[] = []
  const next = new Map<string, ShareMemory>()
  for (const [shareId, share] of memory) {
    if (isOff) next.set(shareId, { ...share, waiting: 0 })
    else if (!isDue(share)) next.set(shareId, share)
    else {
      notices.push(noticeOf(shareId, share))
      next.set(shareId, { ...share, waiting: 0, toldAtMs: context.nowMs })
    }
  }
  return { memory: next, notices, wakeAtMs: nextWake(next, context) }
}

/** What is no longer shared is forgotten. */
export function forgetOthers(memory: NoticeMemory, shareIds: ReadonlySet<string>): NoticeMemory {
  return new Map([...memory].filter(([shareId]) => shareIds.has(shareId)))
}

function noticeOf(shareId: string, share: ShareMemory): Notice {
  return {
    shareId,
    shareName: share.shareName,
    count: share.waiting,
    isMore: share.toldAtMs !== null,
    ipAddress: share.waiting === 1 ? share.ipAddress : null,
  }
}

function dueAtMs({ toldAtMs }: ShareMemory, { nowMs, isPresenting }: NoticeContext): number {
  if (isPresenting) return nowMs + pauseMs
  return toldAtMs === null ? nowMs : toldAtMs + pauseMs
}

function nextWake(memory: NoticeMemory, context: NoticeContext): number | null {
  const waiting = [...memory.values()].filter((share) => share.waiting > 0)
  return waiting.length === 0 ? null : Math.min(...waiting.map((share) => dueAtMs(share, context)))
}
