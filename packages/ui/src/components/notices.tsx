import { useSyncExternalStore } from 'react'

type Tone = 'good' | 'bad'

interface Notice {
  readonly id: number
  readonly text: string
  readonly tone: Tone
}

const shownMs = { good: 4_000, bad: 10_000 } as const
const listeners = new Set<() => void>()
let notices: readonly Notice[] = []
let lastId = 0

function change(next: readonly Notice[]): void {
  notices = next
  for (const listener of listeners) listener()
}

/** Says something for a moment, to screen readers too. What it answers takes it back before. */
export function notify(text: string, tone: Tone = 'good'): () => void {
  const notice = { id: (lastId += 1), text, tone }
  const takeBack = () => change(notices.filter(({ id }) => id !== notice.id))
  change([...notices.slice(-2), notice])
  setTimeout(takeBack, shownMs[tone])
  return takeBack
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Notices() {
  const shown = useSyncExternalStore(subscribe, () => notices)
  return (
    <output className="notices" aria-live="polite">
      {shown.map(({ id, text, tone }) => (
        <span key={id} className={`notice notice-${tone}`}>
          {text}
        </span>
      ))}
    </output>
  )
}
