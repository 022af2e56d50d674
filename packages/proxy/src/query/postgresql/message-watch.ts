const headerBytes = 5

/**
 * Reads along the headers of the server's messages (a letter and a length that counts itself) and tells of one that is
 * longer than it may be as soon as it is announced, before the driver has gathered it in memory.
 */
export function createMessageWatch(bytesMax: number): { take(chunk: Buffer): 'ok' | 'too-long' } {
  const header = Buffer.alloc(headerBytes)
  let headerLength = 0
  let left = 0
  return {
    take(chunk) {
      let at = 0
      while (at < chunk.length) {
        const skipped = Math.min(left, chunk.length - at)
        at += skipped
        left -= skipped
        const copied = chunk.copy(header, headerLength, at, at + headerBytes - headerLength)
        at += copied
        headerLength += copied
        if (headerLength < headerBytes) return 'ok'
        const length = header.readUInt32BE(1)
        if (length > bytesMax) return 'too-long'
        left = Math.max(0, length - 4)
        headerLength = 0
      }
      return 'ok'
    },
  }
}
