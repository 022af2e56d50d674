import type { Event } from '@private-connect/api/contracts'
import { tellDenial } from '../shares/tell-denial.ts'

interface Told {
  readonly tone: 'good' | 'late' | 'bad' | 'quiet'
  readonly word: string
  readonly sentence: string
  /** The share that it is about. */
  readonly shareId: string | null
}

const outcomes = {
  ok: 'was answered',
  refused: 'was refused',
  failed: 'failed',
  timed_out: 'took too long',
  cancelled: 'was cancelled',
} as const

/** An event as a sentence for whoever shares. */
export function tellEvent(event: Event): Told {
  if (event.type === 'agent.online' || event.type === 'agent.offline') {
    const isOnline = event.type === 'agent.online'
    return {
      tone: isOnline ? 'good' : 'late',
      word: isOnline ? 'Online' : 'Offline',
      sentence: `${event.data.agentName} is ${isOnline ? 'connected' : 'away'}`,
      shareId: null,
    }
  }
  return { shareId: event.data.shareId, ...tellShareEvent(event) }
}

type ShareEvent = Exclude<Event, { type: 'agent.online' | 'agent.offline' }>
type Sentence = Omit<Told, 'shareId'>

const plain = {
  'share.created': ['good', 'Shared', 'was shared'],
  'share.revoked': ['quiet', 'Revoked', 'was revoked'],
  'share.expired': ['quiet', 'Expired', 'has expired'],
} as const

function tellShareEvent(event: ShareEvent): Sentence {
  const { shareName, ipAddress } = event.data
  const who = ipAddress ?? 'Somebody'
  if (event.type === 'share.accessed') {
    const visitor = event.data.isBot ? `A link preview (${who})` : who
    const did = event.data.isReturning ? 'came back to' : 'opened'
    return { tone: 'good', word: 'Visit', sentence: `${visitor} ${did} ${shareName}` }
  }
  if (event.type === 'share.denied') {
    return {
      tone: 'late',
      word: 'Refused',
      sentence: `${who} was refused at ${shareName}: ${tellDenial(event.data.reason)}`,
    }
  }
  if (event.type === 'share.query') {
    const { outcome } = event.data
    const sentence = `A query of ${who} to ${shareName} ${outcomes[outcome]}`
    return { tone: outcome === 'ok' ? 'good' : 'late', word: 'Query', sentence }
  }
  const [tone, word, happened] = plain[event.type]
  return { tone, word, sentence: `${shareName} ${happened}` }
}
