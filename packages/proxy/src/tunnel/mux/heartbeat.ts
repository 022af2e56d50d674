import type { Clock } from '../clock.ts'

export interface HeartbeatTimes {
  readonly pingEveryMs: number
  /** A peer from which nothing was heard for this long is dead; noticed at most half a ping interval later. */
  readonly silentMaxMs: number
}

/** Noticed within 15 s of the last sign of life. */
export const defaultHeartbeat: HeartbeatTimes = { pingEveryMs: 5000, silentMaxMs: 12_500 }

/** Round trips are remembered over this many pings: the smallest is the link's delay without its queues. */
const samplesMax = 8
/** At first as many pings follow each other at once: a single one measures how busy the peer is with connecting. */
const samplesFirst = 6

/** Pings the peer, measures the round trip and notices silence. */
export class Heartbeat {
  readonly #clock: Clock
  readonly #times: HeartbeatTimes
  readonly #actions: { sendPing(payload: Buffer): void; onDead(): void }
  readonly #samplesMs: number[] = []
  #rttMs: number | null = null
  #heardAtMs: number
  #tickedAtMs: number
  #pingedAtMs = 0
  #pingNumber = 0
  #pongs = 0
  #isPingOut = false
  #cancelTimer: (() => void) | null = null
  #cancelProbe: (() => void) | null = null

  constructor(
    clock: Clock,
    times: HeartbeatTimes,
    actions: { sendPing(payload: Buffer): void; onDead(): void },
  ) {
    this.#clock = clock
    this.#times = times
    this.#actions = actions
    this.#heardAtMs = clock.monotonicMs()
    this.#tickedAtMs = this.#heardAtMs
  }

  get rttMs(): number | null {
    return this.#rttMs
  }

  start(): void {
    this.ping()
    this.#schedule()
  }

  stop(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    this.#cancelProbe?.()
  }

  /** Any bytes from the peer. */
  heard(): void {
    this.#heardAtMs = this.#clock.monotonicMs()
  }

  ping(): void {
    this.#pingNumber = (this.#pingNumber + 1) >>> 0
    this.#pingedAtMs = this.#clock.monotonicMs()
    this.#isPingOut = true
    const payload = Buffer.alloc(8)
    payload.writeUInt32BE(this.#pingNumber, 4)
    this.#actions.sendPing(payload)
  }

  /** Asks for a sign of life now: none within `deadlineMs` means dead. */
  probe(deadlineMs: number): void {
    const askedAtMs = this.#clock.monotonicMs()
    this.ping()
    this.#cancelProbe?.()
    this.#cancelProbe = this.#clock.setTimer(() => {
      if (this.#heardAtMs <= askedAtMs) this.#actions.onDead()
    }, deadlineMs)
  }

  pong(payload: Buffer): void {
    if (!this.#isPingOut || payload.readUInt32BE(4) !== this.#pingNumber) return
    this.#isPingOut = false
    this.#samplesMs.push(this.#clock.monotonicMs() - this.#pingedAtMs)
    if (this.#samplesMs.length > samplesMax) this.#samplesMs.shift()
    this.#rttMs = Math.min(...this.#samplesMs)
    this.#pongs += 1
    if (this.#pongs < samplesFirst) this.ping()
  }

  #schedule(): void {
    this.#cancelTimer = this.#clock.setTimer(() => this.#tick(), this.#times.pingEveryMs / 2)
  }

  #tick(): void {
    const nowMs = this.#clock.monotonicMs()
    const lateMs = nowMs - this.#tickedAtMs - this.#times.pingEveryMs / 2
    this.#tickedAtMs = nowMs
    // This process itself stood still (suspended, stopped): what the peer sent meanwhile has not been read yet.
    if (lateMs > this.#times.pingEveryMs / 2) {
      this.#heardAtMs = Math.max(this.#heardAtMs, nowMs - this.#times.silentMaxMs + this.#times.pingEveryMs)
      this.ping()
    }
    if (nowMs - this.#heardAtMs >= this.#times.silentMaxMs) return this.#actions.onDead()
    if (nowMs - this.#pingedAtMs >= this.#times.pingEveryMs * 0.9) this.ping()
    this.#schedule()
  }
}
