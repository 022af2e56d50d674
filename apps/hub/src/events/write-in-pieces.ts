import type { Writable } from 'node:stream'

export interface Reader {
  /** What its bytes go through in the end: one that needs a drain is behind. */
  readonly outlet: Writable
  /** Once it is aborted nothing more is written, even of what is at hand. */
  readonly signal: AbortSignal
  /** Writes frames that belong together. */
  readonly write: (piece: readonly Buffer[]) => void
  /** Whoever reads nothing for so long is cut: its client comes back with what it has seen. */
  readonly stalledMs?: number | undefined
}

/** Frames are written together up to about so many bytes. */
const pieceBytes = 16_384

/** Writes at its reader's pace: of what waits for it there is one piece above the outlet's own buffer. */
export async function writeInPieces(frames: readonly Buffer[], reader: Reader): Promise<void> {
  const { outlet, signal, write, stalledMs = 30_000 } = reader
  for (const piece of cutIntoPieces(frames)) {
    if (outlet.writableNeedDrain) await waitForReader(outlet, signal, stalledMs)
    if (signal.aborted) return
    write(piece)
  }
}

function* cutIntoPieces(frames: readonly Buffer[]): Generator<readonly Buffer[]> {
  let [from, bytes] = [0, 0]
  for (const [at, frame] of frames.entries()) {
    if (bytes > 0 && bytes + frame.length > pieceBytes) {
      yield frames.slice(from, at)
      ;[from, bytes] = [at, 0]
    }
    bytes += frame.length
  }
  if (bytes > 0) yield frames.slice(from)
}

/** Resolves when it has read enough, or nothing more may be told; one that reads nothing is cut. */
async function waitForReader(outlet: Writable, signal: AbortSignal, stalledMs: number): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => outlet.destroy(), stalledMs).unref()
    const end = (): void => {
      clearTimeout(timer)
      outlet.off('drain', end).off('close', end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    outlet.once('drain', end).once('close', end)
    signal.addEventListener('abort', end)
  })
}
