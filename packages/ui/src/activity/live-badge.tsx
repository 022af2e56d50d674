import { Badge } from '../components/badge.tsx'
import { useLiveEvents } from './live-events.tsx'

const states = {
  live: ['good', 'Live'],
  connecting: ['late', 'Connecting'],
  ended: ['late', 'Not live'],
} as const

/** Whether what happens appears by itself now. */
export function LiveBadge() {
  const [tone, word] = states[useLiveEvents().state]
  return (
    <output>
      <Badge tone={tone}>{word}</Badge>
    </output>
  )
}
