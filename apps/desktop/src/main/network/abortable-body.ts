/**
 * A body, read as fast as its reader takes it. Electron tells by `cancel` that the window has left, and cancelling its own
 * fetch's body leaves the request open (seen in 33.2.1): only the signal ends it. So does what `look` throws.
 */
export function abortableBody(
  body: ReadableStream<Uint8Array>,
  abort: AbortController,
  look: (piece: Uint8Array) => void = () => undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = (body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader()
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) {
          controller.close()
          return
        }
        try {
          look(value)
        } catch (error) {
          abort.abort()
          throw error
        }
        controller.enqueue(value)
      },
      cancel: () => abort.abort(),
    },
    { highWaterMark: 0 },
  )
}
