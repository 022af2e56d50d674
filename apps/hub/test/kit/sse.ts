interface ServerSentEvent {
  readonly id: string | null
  readonly event: string
  readonly data: string
}

/** Takes text in pieces, gives the events in it (WHATWG HTML, 9.2.6, as far as this hub writes them). */
export function createParser(give: (event: ServerSentEvent) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => splitField(line)))
      if (!fields.has('data') && !fields.has('event')) continue
      give({
        id: fields.get('id') ?? null,
        event: fields.get('event') ?? 'message',
        data: fields.get('data') ?? '',
      })
    }
  }
}

function splitField(line: string): [string, string] {
  const at = line.indexOf(':')
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')]
}
