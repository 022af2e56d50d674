/** Far more than a hub's longest event, which has a few kilobytes. */
const bytesMax = 1024 * 1024

const [lineFeed, carriageReturn] = [10, 13]

/**
 * Looks at an event stream piece by piece, and throws once one event or line is longer than any hub's: readers of such streams hold
 * all of it until its end, and what answers at an address that somebody typed in may never come to one.
 */
export function createEventMeter(): (piece: Uint8Array) => void {
  let bytes = 0
  let isLineEmpty = true
  let previous = 0
  return (piece) => {
    for (const byte of piece) {
      bytes += 1
      // The second half of CR LF ends no line of its own.
      const endsLine = byte === carriageReturn || (byte === lineFeed && previous !== carriageReturn)
      if (endsLine && isLineEmpty) bytes = 0
      if (bytes > bytesMax) throw new Error('An event is longer than any hub tells.')
      if (byte !== lineFeed || endsLine) isLineEmpty = endsLine
      previous = byte
    }
  }
}
