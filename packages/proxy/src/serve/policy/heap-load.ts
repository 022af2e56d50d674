import { getHeapStatistics } from 'node:v8'

/** Above this part of the heap that the process may have, new requests are turned away; V8 ends it at the whole. */
const heapPartMax = 0.85
/** Reading the heap's size costs as much as a small request's headers: once for many. */
const readEveryMs = 100

export interface HeapLoadOptions {
  readonly nowMs?: () => number
  /** Used part of the heap, 0 to 1. */
  readonly readHeapPart?: () => number
}

/** Whether the process should take nothing more on, so that what runs can end instead of all of it at once. */
export function createHeapLoad(options: HeapLoadOptions = {}): () => boolean {
  const { nowMs = () => performance.now(), readHeapPart = readOwnHeapPart } = options
  let readAtMs = Number.NEGATIVE_INFINITY
  let isOverloaded = false
  return () => {
    const now = nowMs()
    if (now - readAtMs >= readEveryMs) {
      readAtMs = now
      isOverloaded = readHeapPart() > heapPartMax
    }
    return isOverloaded
  }
}

function readOwnHeapPart(): number {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics()
  return usedBytes / limitBytes
}
