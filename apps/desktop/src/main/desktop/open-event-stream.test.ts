import { describe, expect, it } from 'vitest'
import { openEventStream } from './open-event-stream.ts'

// Guarantee: what is no stream of events is left at once, and a stream is open until its reader leaves.
async function open(answer: Response) {
  let request: AbortSignal | null | undefined
  const got = await openEventStream(
    async (_url, { signal }) => {
      request = signal
      return answer
    },
    'http://hub/trpc/events.stream',
    {},
  )
  if (!request) throw new Error('the request could not be ended')
  return { got, request }
}

const endless = () =>
  new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(Buffer.from(': x\n\n')) })
const headers = { 'content-type': 'text/event-stream' }

describe('an answer', () => {
  it.each([
    ['of an error', 503, headers],
    ['of another kind', 200, { 'content-type': 'text/html' }],
    ['of no kind', 200, {}],
  ])(
    '%s is left at once, and is known by its status',
    async (_what, status, given: Record<string, string>) => {
      const { got, request } = await open(new Response(endless(), { status, headers: given }))
      expect([got.status, request.aborted]).toEqual([status, true])
    },
  )

  it('of events is read until its reader leaves', async () => {
    const { got, request } = await open(new Response(endless(), { headers }))
    const reader = got.body?.getReader()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(': x\n\n')
    expect([got.headers.get('content-type'), request.aborted]).toEqual(['text/event-stream', false])
    await reader?.cancel()
    expect(request.aborted).toBe(true)
  })
})
