import type { Desktop, HubEvent } from '../desktop/desktop.ts'
import {
  forgetOthers,
  hearVisit,
  wake,
  type Notice,
  type NoticeDecision,
  type NoticeMemory,
  type Visit,
} from './decide-notices.ts'

export interface VisitPorts {
  readonly desktop: Pick<Desktop, 'state' | 'onEvent'>
  /** Asked before somebody is told. */
  readonly isPresenting: () => Promise<boolean>
  readonly tell: (notice: Notice) => void
  readonly nowMs: () => number
}

/** Tells of visitors of this machine's shares; answers how to stop. */
export function followVisits({ desktop, isPresenting, tell, nowMs }: VisitPorts): () => void {
  let memory: NoticeMemory = new Map()
  let timer: NodeJS.Timeout | undefined
  // One after the other: each decision stands on the one before.
  let last: Promise<void> = Promise.resolve()

  async function decide(step: (memory: NoticeMemory, context: Parameters<typeof wake>[1]) => NoticeDecision) {
    const isBusy = await isPresenting().catch(() => false)
    const { settings, shares } = desktop.state.get()
    const { notifies, snoozedUntilMs } = settings
    // Before it is decided: of what has ended meanwhile nobody is told, with a button that could only fail.
    memory = forgetOthers(memory, new Set(shares.map(({ id }) => id)))
    const decision = step(memory, { nowMs: nowMs(), notifies, snoozedUntilMs, isPresenting: isBusy })
    memory = decision.memory
    for (const notice of decision.notices) tell(notice)
    clearTimeout(timer)
    if (decision.wakeAtMs === null) return
    timer = setTimeout(() => then(wake), Math.max(0, decision.wakeAtMs - nowMs())).unref()
  }
  function then(step: Parameters<typeof decide>[0]): void {
    last = last.then(() => decide(step))
  }

  const stop = desktop.onEvent((event) => {
    const visit = readVisit(event)
    const isOurs = desktop.state.get().shares.some(({ id }) => id === visit?.shareId)
    if (visit !== null && isOurs) then((before, context) => hearVisit(before, visit, context))
  })
  return () => {
    stop()
    clearTimeout(timer)
  }
}

function readVisit(event: HubEvent): Visit | null {
  return event.type === 'share.accessed' ? event.data : null
}
