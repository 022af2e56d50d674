import { LRUCache } from 'lru-cache'
import type { Dial, DialOptions, UpstreamService } from '../dial.ts'
import { probeTls } from './probe-tls.ts'

const targetsMax = 10_000
const probeTimeoutMs = 3_000
const dialTimeoutMs = 15_000

/** What the targets of `auto` services speak: asked once for each, however many requests wait for it. */
export class TargetSpeech {
  readonly #dial: Dial
  readonly #isTls = new LRUCache<string, boolean>({ max: targetsMax })
  readonly #asking = new Map<string, Promise<boolean>>()

  constructor(dial: Dial) {
    this.#dial = dial
  }

  /** Undefined where it was not asked yet. */
  known(service: UpstreamService): boolean | undefined {
    if (service.protocol !== 'auto') return service.protocol === 'https'
    return this.#isTls.get(keyOf(service))
  }

  /** Rejects as the dial does; then nothing is remembered. */
  ask(service: UpstreamService, { shareId }: Pick<DialOptions, 'shareId'>): Promise<boolean> {
    const key = keyOf(service)
    const asking = this.#asking.get(key) ?? this.#probe(service, shareId)
    this.#asking.set(key, asking)
    return asking
  }

  /** The target may have changed: something failed that worked, or never did. */
  forget(service: UpstreamService): void {
    if (service.protocol === 'auto') this.#isTls.delete(keyOf(service))
  }

  async #probe(service: UpstreamService, shareId: string): Promise<boolean> {
    const key = keyOf(service)
    try {
      const signal = AbortSignal.timeout(dialTimeoutMs)
      const stream = await this.#dial(service, { shareId, kind: 'http', signal, awaitsOpen: true })
      const isTls = await probeTls(stream, service.targetHost, probeTimeoutMs)
      this.#isTls.set(key, isTls)
      return isTls
    } finally {
      this.#asking.delete(key)
    }
  }
}

function keyOf({ agentId, targetHost, targetPort }: UpstreamService): string {
  return `${agentId ?? ''} ${targetHost} ${targetPort}`
}

const speeches = new WeakMap<Dial, TargetSpeech>()

/** What is known of the targets that are reached by a dial. */
export function speechOf(dial: Dial): TargetSpeech {
  const known = speeches.get(dial)
  if (known !== undefined) return known
  const fresh = new TargetSpeech(dial)
  speeches.set(dial, fresh)
  return fresh
}
