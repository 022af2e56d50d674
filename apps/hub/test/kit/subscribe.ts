import { createParser } from './sse.ts'

export interface Heard {
  readonly id: string | null
  readonly event: string
  readonly data: unknown
}

export interface Listener {
  readonly status: number
  /** Everything heard so far, pings left out. */
  readonly heard: Heard[]
  /** Resolves when the answer has ended, for whatever reason. */
  readonly ended: Promise<void>
  close(): void
}

/** A subscription of tRPC over server-sent events, as it looks on the wire. */
export async function subscribe(
  url: string,
  headers: Readonly<Record<string, string>>,
  [path, input]: readonly [path: string, input?: object | undefined],
): Promise<Listener> {
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify({ json: input }))}`
  return listenTo(`${url}/trpc/${path}${query}`, headers)
}

/** What an event stream says; nothing, where the answer is none. */
export async function listenTo(
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<Listener> {
  const closing = new AbortController()
  const response = await fetch(address, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: closing.signal,
  })
  const heard: Heard[] = []
  const take = createParser(({ id, event, data }) => {
    if (event === 'ping' || event === 'connected' || event === 'restore-id') return
    heard.push({ id, event, data: JSON.parse(data) as unknown })
  })
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    for await (const piece of response.body ?? []) take(decoder.decode(piece as Uint8Array, { stream: true }))
  }
  const ended = read().catch(() => undefined)
  return { status: response.status, heard, ended, close: () => closing.abort() }
}

/** The `json` of what superjson wrote: an event of the hub. */
export function eventIn({ data }: Heard): { type: string; seq: number; data: Record<string, unknown> } {
  return (data as { json: { type: string; seq: number; data: Record<string, unknown> } }).json
}
