import type { ServerResponse } from 'node:http'
import type { LiveReading } from '@private-connect/api'
import type { Heartbeat } from './heartbeat.ts'
import type { StreamFormat } from './stream-format.ts'
import { writeInPieces } from './write-in-pieces.ts'

export interface StreamOptions {
  readonly response: ServerResponse
  readonly format: StreamFormat
  readonly heartbeat: Heartbeat
  /** What is said where it ends with a failure. */
  readonly describeFailure: (thrown: unknown) => Buffer
  /** Whoever reads nothing for so long is cut: its client comes back with what it has seen. */
  readonly stalledMs?: number
}

/** How long what is said last may wait for a reader that is behind. */
const lastWordsMs = 250

/**
 * Writes a subscription as server-sent events until it ends, whoever ends it. What waits for a slow reader is one piece
 * above the socket's own buffer: nothing more is asked for until it has read.
 */
export async function writeStream(reading: LiveReading<object>, options: StreamOptions): Promise<void> {
  const { response, format, heartbeat, describeFailure, stalledMs } = options
  const { signal } = reading.admission
  const write = (piece: readonly Buffer[]): void => void response.write(join(piece))
  response.write(format.opening)
  const rest = heartbeat.add(() => {
    if (!response.writableNeedDrain) response.write(format.heartbeat)
  })
  try {
    for await (const batch of reading.batches) {
      const frames = batch.map((told) => format.frameOf(told))
      await writeInPieces(frames, { outlet: response, signal, write, stalledMs })
    }
    rest()
    endSoon(response, format.closing)
  } catch (error) {
    rest()
    endSoon(response, describeFailure(error))
  }
}

/** One frame is the very one that all others get. */
function join(frames: readonly Buffer[]): Buffer {
  const [first] = frames
  return first !== undefined && frames.length === 1 ? first : Buffer.concat(frames)
}

/** Whoever reads hears the last words; whoever does not is not waited for. */
function endSoon(response: ServerResponse, lastWords: Buffer): void {
  const timer = setTimeout(() => response.destroy(), lastWordsMs)
  response.once('close', () => clearTimeout(timer))
  response.end(lastWords)
}
