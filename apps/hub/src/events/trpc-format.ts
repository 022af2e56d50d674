import { appRouter } from '@private-connect/api'
import { isTrackedEnvelope } from '@trpc/server'
import { onceForEach, type StreamFormat } from './stream-format.ts'

const { sse, transformer } = appRouter._def._config

/** As tRPC's own adapter writes it, so that `httpSubscriptionLink` reads it. */
export const trpcFormat: StreamFormat = {
  opening: eventOf('connected', JSON.stringify(sse?.client ?? {})),
  heartbeat: eventOf('ping', ''),
  closing: eventOf('return', ''),
  frameOf: onceForEach((told) =>
    isTrackedEnvelope(told)
      ? `data: ${serialize(told[1])}\nid: ${told[0]}\n\n\n`
      : `data: ${serialize(told)}\n\n\n`,
  ),
}

/** @param shape as tRPC's error formatter made it */
export function formatTrpcFailure(shape: unknown): Buffer {
  return eventOf('serialized-error', serialize(shape))
}

function serialize(value: unknown): string {
  return JSON.stringify(transformer.output.serialize(value))
}

function eventOf(name: string, data: string): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${data}\n\n\n`)
}
