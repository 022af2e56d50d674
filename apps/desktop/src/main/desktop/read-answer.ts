/** More than any operation answers; a page of a thousand rows has a few megabytes. */
const bytesMax = 16 * 1024 * 1024

/**
 * The same answer with all of its body at hand. Rejects as soon as that is longer than any hub's, and calls `stop`: what answers at an
 * address that somebody typed in may never end.
 */
export async function readAnswer(answer: Response, stop: () => void): Promise<Response> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > bytesMax) {
      stop()
      throw new Error('The answer is longer than any hub answers.')
    }
    chunks.push(chunk)
  }
  const { status, headers } = answer
  return new Response(bytes === 0 ? null : Buffer.concat(chunks), { status, headers })
}
