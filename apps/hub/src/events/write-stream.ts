import type { ServerResponse } from 'node:http'
import type { LiveReading } from '@private-connect/api'
import type { Heartbeat } from './heartbeat.ts'
import type { StreamFormat } from './stream-format.ts'

export interface StreamOptions {
  readonly response: ServerResponse
  readonly format: StreamFormat
  readonly heartbeat: Heartbeat
  /** What is said where it ends with a failure. */
  readonly describeFailure: (thrown: unknown) => Buffer
  /** Whoever reads nothing for so long is cut: its client comes back with what it has seen. */
  readonly stalledMs?: number
}

/** Frames of one batch are written together up to about so many bytes. */
const pieceBytes = 16_384
/** How long what is said last may wait for a reader that is behind. */
const lastWordsMs = 250

/**
 * Writes a subscription as server-sent events until it ends, whoever ends it. What waits for a slow reader is one piece
 * above the socket's own buffer: nothing more is asked for until it has read.
 */
export async function writeStream(reading: LiveReading<object>, options: StreamOptions): Promise<void> {
  const { response, format, heartbeat, describeFailure } = options
  response.write(format.opening)
  const rest = heartbeat.add(() => {
    if (!response.writableNeedDrain) response.write(format.heartbeat)
  })
  try {
    for await (const batch of reading.batches) await writeBatch(batch, reading, options)
    rest()
    endSoon(response, format.closing)
  } catch (error) {
    rest()
    endSoon(response, describeFailure(error))
  }
}

async function writeBatch(
  batch: readonly object[],
  { admission: { signal } }: LiveReading<object>,
  { response, format, stalledMs = 30_000 }: StreamOptions,
): Promise<void> {
  for (const piece of joinFrames(batch.map((told) => format.frameOf(told)))) {
    if (response.writableNeedDrain) await waitForReader(response, signal, stalledMs)
    if (signal.aborted) return
    response.write(piece)
  }
}

function* joinFrames(frames: readonly Buffer[]): Generator<Buffer> {
  let [from, bytes] = [0, 0]
  for (const [at, frame] of frames.entries()) {
    if (bytes > 0 && bytes + frame.length > pieceBytes) {
      yield join(frames.slice(from, at))
      ;[from, bytes] = [at, 0]
    }
    bytes += frame.length
  }
  if (bytes > 0) yield join(frames.slice(from))
}

/** One frame is the very one that all others get. */
function join(frames: readonly Buffer[]): Buffer {
  const [first] = frames
  return first !== undefined && frames.length === 1 ? first : Buffer.concat(frames)
}

/** Resolves when it has read enough, or nothing more may be told; one that reads nothing is cut. */
async function waitForReader(
  response: ServerResponse,
  signal: AbortSignal,
  stalledMs: number,
): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => response.destroy(), stalledMs).unref()
    const end = (): void => {
      clearTimeout(timer)
      response.off('drain', end).off('close', end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    response.once('drain', end).once('close', end)
    signal.addEventListener('abort', end)
  })
}

/** Whoever reads hears the last words; whoever does not is not waited for. */
function endSoon(response: ServerResponse, lastWords: Buffer): void {
  const timer = setTimeout(() => response.destroy(), lastWordsMs)
  response.once('close', () => clearTimeout(timer))
  response.end(lastWords)
}
