import { Readable } from 'node:stream'

/** Bodies made of one tag over and over: any foreign byte shows, wherever it is and in whatever pieces it comes. */
export interface TagPattern {
  /** The bytes from `offset` on, at most `bytesMax` of them. */
  slice(offset: number, bytesMax: number): Buffer
  matches(chunk: Buffer, offset: number): boolean
}

export function createTagPattern(tag: string): TagPattern {
  const line = Buffer.from(`${tag}\n`)
  const lines = Buffer.alloc(line.length * (Math.ceil(65_536 / line.length) + 1), line)
  const bytesMaxAtOnce = lines.length - line.length
  const slice = (offset: number, bytesMax: number) => {
    const start = offset % line.length
    return lines.subarray(start, start + Math.min(bytesMax, bytesMaxAtOnce))
  }
  return {
    slice,
    matches: (chunk, offset) => {
      for (let done = 0; done < chunk.length;) {
        const expected = slice(offset + done, chunk.length - done)
        if (!expected.equals(chunk.subarray(done, done + expected.length))) return false
        done += expected.length
      }
      return true
    },
  }
}

/** A body of that many bytes of the tag's pattern. */
export function readPattern(tag: string, bytes: number): Readable {
  const pattern = createTagPattern(tag)
  let offset = 0
  return new Readable({
    read() {
      const piece = pattern.slice(offset, bytes - offset)
      offset += piece.length
      this.push(piece.length === 0 ? null : piece)
    },
  })
}
