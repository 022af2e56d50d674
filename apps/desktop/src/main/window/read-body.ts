/** A request's body as a whole, or `too-large` as soon as it is more than `bytesMax`. */
export async function readBodyUpTo(
  request: Request,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | 'too-large'> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (request.body !== null) {
    // Leaving the loop early cancels the rest.
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      if (bytes > bytesMax) return 'too-large'
      chunks.push(chunk)
    }
  }
  return new Uint8Array(Buffer.concat(chunks))
}
