import type { ResultCollector } from '../result-collector.ts'

type Collect = (reply: readonly unknown[], to: ResultCollector) => void

const collectors: Readonly<Record<string, Collect>> = {
  hgetall: pairsOf('field', 'value'),
  scan: scanOf('key'),
  sscan: scanOf('member'),
  hscan: scanOf('field', 'value'),
  zscan: scanOf('member', 'score'),
  xrange: collectEntries,
  xrevrange: collectEntries,
}

/** Turns a reply into rows: a list is a row for each item, pairs are two columns, anything else is one value. */
export function collectReply([name, ...args]: readonly Buffer[], reply: unknown, to: ResultCollector): void {
  if (Array.isArray(reply)) chooseCollector(wordOf(name), args, reply)(reply, to)
  else collectValues([reply], to)
}

function chooseCollector(name: string, args: readonly Buffer[], reply: readonly unknown[]): Collect {
  const own = Object.hasOwn(collectors, name) ? collectors[name] : undefined
  if (own !== undefined) return own
  // The first one is a key, which may have any name.
  const words = new Set(args.slice(1).map(wordOf))
  const isFlat = reply.length % 2 === 0 && !reply.some(Array.isArray)
  if (isFlat && name.startsWith('z') && words.has('withscores')) return pairsOf('member', 'score')
  if (isFlat && name === 'hrandfield' && words.has('withvalues')) return pairsOf('field', 'value')
  return collectValues
}

function wordOf(bytes: Buffer | undefined): string {
  return bytes?.toString('latin1').toLowerCase() ?? ''
}

function collectValues(reply: readonly unknown[], to: ResultCollector): void {
  to.setColumns(['value'])
  for (const item of reply) if (to.add([toJson(item)]) === 'full') return
}

function pairsOf(first: string, second: string): Collect {
  return (reply, to) => {
    to.setColumns([first, second])
    for (let at = 0; at + 1 < reply.length; at += 2) {
      if (to.add([toJson(reply[at]), toJson(reply[at + 1])]) === 'full') return
    }
  }
}

/** The cursor is in each row, since it is what the next question needs. */
function scanOf(...columns: readonly string[]): Collect {
  return ([cursor, found], to) => {
    const items = Array.isArray(found) ? found : []
    to.setColumns(['cursor', ...columns])
    if (items.length === 0) to.add([toJson(cursor)])
    for (let at = 0; at < items.length; at += columns.length) {
      if (to.add([cursor, ...items.slice(at, at + columns.length)].map(toJson)) === 'full') return
    }
  }
}

function collectEntries(reply: readonly unknown[], to: ResultCollector): void {
  to.setColumns(['id', 'fields'])
  for (const entry of reply) {
    const [id, fields]: readonly unknown[] = Array.isArray(entry) ? entry : [entry]
    if (to.add([toJson(id), toJson(fields)]) === 'full') return
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text where it is UTF-8, otherwise base64; integers are text already, as Redis' have 64 bits. */
function toJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJson)
  if (!Buffer.isBuffer(value)) return value ?? null
  try {
    return utf8.decode(value)
  } catch {
    return value.toString('base64')
  }
}
