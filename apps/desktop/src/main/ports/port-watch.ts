import type { ListeningPort } from '@private-connect/ui/desktop'
import { describePorts } from './describe-ports.ts'
import type { Listener, ListenerSource } from './listener.ts'
import { isNoise } from './noise.ts'
import { createPortSurvey, type PortSurveyOptions } from './port-survey.ts'

export interface PortWatchOptions {
  readonly source: ListenerSource
  readonly probe: PortSurveyOptions['probe']
  /** This app's own process, and those of its parts. */
  readonly isOwnProcess: (pid: number) => boolean
  /** How often to look while nobody asks. */
  readonly everyMs: number
  readonly logError: (message: string, cause: unknown) => void
}

/** Lists the listening ports when it is asked, and keeps the list fresh while it is active. */
export class PortWatch {
  readonly #options: PortWatchOptions
  readonly #told = new Set<() => void>()
  readonly #survey = createPortSurvey({
    probe: (listener) => this.#options.probe(listener),
    onAnswer: () => this.#publish(),
  })
  #listeners: readonly Listener[] = []
  #current: readonly ListeningPort[] = []
  #fingerprint: string | undefined
  #looking: Promise<void> | null = null
  #timer: NodeJS.Timeout | undefined
  #isActive = false

  constructor(options: PortWatchOptions) {
    this.#options = options
  }

  /** Whether to look by itself; not so while nobody could share a port. */
  setActive(isActive: boolean): void {
    if (isActive === this.#isActive) return
    this.#isActive = isActive
    clearTimeout(this.#timer)
    if (isActive) void this.#keepLooking()
  }

  /** What is known now, without looking. */
  current(): readonly ListeningPort[] {
    return this.#current
  }

  /** Looks now, and waits for that, but not for ports that are asked what they are. */
  async list(): Promise<readonly ListeningPort[]> {
    await this.#look()
    return this.#current
  }

  /** Told of every change. Answers how to stop listening. */
  onChange(listener: () => void): () => void {
    this.#told.add(listener)
    return () => this.#told.delete(listener)
  }

  close(): void {
    this.setActive(false)
    this.#told.clear()
  }

  /** Reads the whole list only where a fingerprint of it has changed, or the system has none. */
  async #keepLooking(): Promise<void> {
    const seen = await this.#options.source.fingerprint?.().catch(() => undefined)
    const isSame = seen !== undefined && seen === this.#fingerprint
    if (!isSame || this.#survey.isIncomplete(this.#listeners)) await this.#look()
    this.#fingerprint = seen
    clearTimeout(this.#timer)
    if (!this.#isActive) return
    this.#timer = setTimeout(() => void this.#keepLooking(), this.#options.everyMs).unref()
  }

  #look(): Promise<void> {
    this.#looking ??= this.#read()
      .catch((cause: unknown) => this.#options.logError('The listening ports could not be read', cause))
      .finally(() => (this.#looking = null))
    return this.#looking
  }

  async #read(): Promise<void> {
    const found = await this.#options.source.read()
    const isOwn = ({ pid }: Listener) => pid !== null && this.#options.isOwnProcess(pid)
    this.#listeners = found.filter((listener) => !isNoise(listener) && !isOwn(listener))
    this.#publish()
    void this.#survey.ask(this.#listeners)
  }

  #publish(): void {
    const next = describePorts(this.#listeners, (listener) => this.#survey.answerOf(listener))
    if (JSON.stringify(next) === JSON.stringify(this.#current)) return
    this.#current = next
    for (const tell of this.#told) tell()
  }
}
