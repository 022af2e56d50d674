import { isTrackedEnvelope } from '@trpc/server'
import { onceForEach, type StreamFormat } from './stream-format.ts'

/** Plain JSON for any client of server-sent events. docs/events.md has it in words. */
export const jsonFormat: StreamFormat = {
  opening: Buffer.from('retry: 1000\n\n'),
  heartbeat: Buffer.from(': ping\n\n'),
  closing: Buffer.alloc(0),
  frameOf: onceForEach((told) =>
    isTrackedEnvelope(told)
      ? `data: ${JSON.stringify(told[1])}\nid: ${told[0]}\n\n`
      : `data: ${JSON.stringify(told)}\n\n`,
  ),
}

/** Not named `error`, which is what a browser's EventSource calls a lost connection. */
export function formatJsonFailure(body: object): Buffer {
  return Buffer.from(`event: end\ndata: ${JSON.stringify(body)}\n\n`)
}
