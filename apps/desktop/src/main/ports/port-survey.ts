import { needsProbe } from './describe-ports.ts'
import type { PortAnswer } from './guess-by-answer.ts'
import type { Listener } from './listener.ts'

/** Remembers what listeners answered, so that each is asked once. */
export interface PortSurvey {
  answerOf(listener: Listener): PortAnswer | null
  /** Whether some of them can still be asked. */
  isIncomplete(listeners: readonly Listener[]): boolean
  /** Forgets all others, and asks those of them that are open. */
  ask(listeners: readonly Listener[]): Promise<void>
}

export interface PortSurveyOptions {
  readonly probe: (listener: Listener) => Promise<PortAnswer | null>
  readonly onAnswer: () => void
}

/** How many are asked at once, and how often one that takes no connection: a server that is starting takes one later. */
const atOnce = 8
const attemptsMax = 3

interface Asked {
  readonly attempts: number
  readonly answer: PortAnswer | null
}

export function createPortSurvey({ probe, onAnswer }: PortSurveyOptions): PortSurvey {
  let asked: ReadonlyMap<string, Asked> = new Map()
  let isAsking = false

  const isOpen = (listener: Listener): boolean => {
    const { attempts, answer } = asked.get(keyOf(listener)) ?? { attempts: 0, answer: null }
    // Whoever took the connection was asked, whether or not it answered: bytes that it does not expect may be in a log, or on paper.
    return needsProbe(listener) && attempts < attemptsMax && answer === null
  }

  async function askOne(listener: Listener): Promise<void> {
    const answer = await probe(listener)
    const attempts = (asked.get(keyOf(listener))?.attempts ?? 0) + 1
    asked = new Map([...asked, [keyOf(listener), { attempts, answer }]])
    onAnswer()
  }

  return {
    answerOf: (listener) => asked.get(keyOf(listener))?.answer ?? null,
    isIncomplete: (listeners) => listeners.some(isOpen),
    async ask(listeners) {
      const alive = new Set(listeners.map(keyOf))
      asked = new Map([...asked].filter(([key]) => alive.has(key)))
      if (isAsking) return
      isAsking = true
      const open = listeners.filter(isOpen)
      for (let at = 0; at < open.length; at += atOnce)
        await Promise.all(open.slice(at, at + atOnce).map(askOne))
      isAsking = false
    },
  }
}

/** Another process at the same port is another listener. */
function keyOf({ port, pid, commandLine }: Listener): string {
  return `${port} ${pid} ${commandLine}`
}
