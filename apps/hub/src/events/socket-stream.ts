import type { Duplex } from 'node:stream'
import { liveRouter, type LiveReading, type LiveStream } from '@private-connect/api'
import { isTrackedEnvelope } from '@trpc/server'
import type { WebSocket } from 'ws'
import { onceForEach } from './stream-format.ts'
import { writeInPieces } from './write-in-pieces.ts'

/** Whoever subscribes over it. */
export interface SocketReader {
  readonly client: WebSocket
  /** What `client` writes to. */
  readonly socket: Duplex
}

/** Of a message of tRPC, by which its client knows what it answers. */
export interface MessageHead {
  readonly id: unknown
  readonly jsonrpc?: unknown
}

const { transformer } = liveRouter._def._config

/** A message of tRPC from its result on: that is the same for everybody who is told the same. */
const resultOf = onceForEach((told) =>
  isTrackedEnvelope(told)
    ? `{"type":"data","data":${serialize({ id: told[0], data: told[1] })},"id":${JSON.stringify(told[0])}}}`
    : `{"type":"data","data":${serialize(told)}}}`,
)

function serialize(value: unknown): string {
  return JSON.stringify(transformer.output.serialize(value))
}

/** What a subscription is told first. tRPC sends it, and with it says what all that follows begins with. */
export class FirstTold {
  readonly #told: object
  #head: Buffer | null = null

  constructor(told: object) {
    this.#told = told
  }

  /** Null where it was not sent, as its client had left. */
  get head(): Buffer | null {
    return this.#head
  }

  write({ id, jsonrpc }: MessageHead): string {
    this.#head = Buffer.from(`${JSON.stringify({ id, jsonrpc }).slice(0, -1)},"result":`)
    return `${this.#head.toString()}${resultOf(this.#told).toString()}`
  }
}

/**
 * A subscription as tRPC's adapter iterates it: it begins, answers and ends it, in its own words. But it takes promises
 * for each event and subscriber, so that it gets the first event only, and waits for the next one to the end.
 */
export async function* tellOverSocket(
  stream: LiveStream<object>,
  reader: SocketReader,
): AsyncGenerator<FirstTold, void, void> {
  const { admission, batches } = await stream.begin()
  let first: FirstTold | null = null
  for await (const batch of batches) {
    if (admission.signal.aborted) continue
    if (first === null) {
      first = new FirstTold(batch[0] as object)
      yield first
      await tell(batch.slice(1), { reader, admission, first })
    } else {
      await tell(batch, { reader, admission, first })
    }
  }
}

interface Telling {
  readonly reader: SocketReader
  readonly admission: LiveReading<object>['admission']
  readonly first: FirstTold
}

async function tell(batch: readonly object[], { reader, admission, first }: Telling): Promise<void> {
  const { client, socket } = reader
  const { head } = first
  if (head === null) return
  await writeInPieces(batch.map(resultOf), {
    outlet: socket,
    signal: admission.signal,
    write(piece) {
      socket.cork()
      for (const result of piece) client.send(Buffer.concat([head, result]), text)
      socket.uncork()
    },
  })
}

const text = { binary: false }
