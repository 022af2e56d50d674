/** How one kind of event stream looks on the wire (WHATWG HTML, 9.2). */
export interface StreamFormat {
  /** Before anything else. */
  readonly opening: Buffer
  readonly heartbeat: Buffer
  /** After the last event, where nothing went wrong. */
  readonly closing: Buffer
  /** What was told, as it is written. */
  frameOf(told: object): Buffer
}

/** The same bytes for everybody who is told the same object, for as long as somebody has that. */
export function onceForEach(write: (told: object) => string): StreamFormat['frameOf'] {
  const written = new WeakMap<object, Buffer>()
  return (told) => {
    const known = written.get(told)
    if (known !== undefined) return known
    const frame = Buffer.from(write(told))
    written.set(told, frame)
    return frame
  }
}
