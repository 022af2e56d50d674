/** What each end says of itself in its first frame, and again whenever it changes. */
export interface PeerHello {
  /** The program's version, such as `0.1.0`; for people. */
  readonly version: string
  readonly capabilities: readonly string[]
  /** Ids of the services that this end would serve now. */
  readonly services: readonly string[]
  /** How many streams the peer may have open to this end at once, and how fast it may open them. */
  readonly streamsMax: number
  readonly opensPerSecond: number
  /** Hub only: how wide an agent should spread its reconnection after a loss. */
  readonly reconnectSpreadMs: number
}

const servicesMax = 1000
const textMax = 128
const spreadMaxMs = 30_000

export function encodeHello(hello: PeerHello): Buffer {
  return Buffer.from(JSON.stringify({ ...hello, services: hello.services.slice(0, servicesMax) }))
}

/** A peer's hello with every field bounded; fields that are missing or foreign get the defaults. Null when malformed. */
export function decodeHello(payload: Buffer): PeerHello | null {
  let value: unknown
  try {
    value = JSON.parse(payload.toString('utf8'))
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const fields = value as Readonly<Record<string, unknown>>
  return {
    version: readText(fields['version']),
    capabilities: readTexts(fields['capabilities'], 64),
    services: readTexts(fields['services'], servicesMax),
    streamsMax: readNumber(fields['streamsMax'], { fallback: 1000, max: 1_000_000 }),
    opensPerSecond: readNumber(fields['opensPerSecond'], { fallback: 256, max: 1_000_000 }),
    reconnectSpreadMs: readNumber(fields['reconnectSpreadMs'], { fallback: 0, max: spreadMaxMs }),
  }
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, textMax) : ''
}

function readTexts(value: unknown, countMax: number): readonly string[] {
  if (!Array.isArray(value)) return []
  const texts = value.filter((item): item is string => typeof item === 'string' && item.length <= textMax)
  return texts.slice(0, countMax)
}

function readNumber(value: unknown, { fallback, max }: { fallback: number; max: number }): number {
  return typeof value === 'number' && value >= 0 ? Math.min(value, max) : fallback
}
