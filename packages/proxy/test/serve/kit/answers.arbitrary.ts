import fc from 'fast-check'

/** A well-formed answer: its bytes (latin1), the method that it answers, and the body that every reader must find. */
export interface GeneratedAnswer {
  readonly method: string
  readonly bytes: string
  readonly body: string
}

const tokenChars = [...'abcXYZ019-_!#$%&*+.^|~']
const valueChars = [...' \tabc,;="/:\\\xe9\xff019']
const token = fc.string({ unit: fc.constantFrom(...tokenChars), minLength: 1, maxLength: 12 })
const value = fc.string({ unit: fc.constantFrom(...valueChars), maxLength: 40 })
const space = fc.constantFrom('', ' ', '\t', '  ')
/** The x keeps clear of names that mean something to a parser. */
const field = fc.tuple(token, space, value, space).map(([name, ...rest]) => `x${name}:${rest.join('')}\r\n`)
const fields = fc.array(field, { maxLength: 8 }).map((lines) => lines.join(''))
const reason = fc.constantFrom(' OK', ' ', ' Not Found', ' a\tb', '')
const body = fc.string({ unit: 'binary', maxLength: 300 }).map((text) => text.replace(/[^\0-\xff]/gu, '?'))

const extension = fc.constantFrom('', ';a', ';a=b', ';a="b c"', ';a=b;c')
const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), extension, fc.constantFrom('', '0', '00')), {
  minLength: 1,
  maxLength: 6,
})

function inChunks(text: string, sizes: readonly [number, string, string][], trailers: string): string {
  let framed = ''
  let at = 0
  for (let turn = 0; at < text.length; turn += 1) {
    const [size, extension, zeros] = sizes[turn % sizes.length] ?? [1, '', '']
    const piece = text.slice(at, at + size)
    framed += `${zeros}${piece.length.toString(16)}${extension}\r\n${piece}\r\n`
    at += size
  }
  return `${framed}0\r\n${trailers}\r\n`
}

const head = fc
  .tuple(
    fc.constantFrom('1', '1', '1', '0'),
    fc.constantFrom(200, 201, 206, 301, 404, 500, 599),
    reason,
    fields,
  )
  .map(([minor, status, reason, lines]) => `HTTP/1.${minor} ${status}${reason}\r\n${lines}`)

const connection = fc.constantFrom('', '', 'Connection: close\r\n', 'connection: keep-alive\r\n')
const informational = fc
  .array(fc.tuple(fc.constantFrom(100, 102, 103), fields), { maxLength: 2 })
  .map((all) => all.map(([status, lines]) => `HTTP/1.1 ${status} X\r\n${lines}\r\n`).join(''))

const framed: fc.Arbitrary<{ method: string; rest: string; body: string }> = fc.oneof(
  body.map((text) => ({ method: 'GET', rest: `Content-Length: ${text.length}\r\n\r\n${text}`, body: text })),
  fc.tuple(body, cuts, fields).map(([text, sizes, trailers]) => ({
    method: 'POST',
    rest: `Transfer-Encoding: chunked\r\n\r\n${inChunks(text, sizes, trailers)}`,
    body: text,
  })),
  body.map((text) => ({ method: 'GET', rest: `\r\n${text}`, body: text })),
  fc.constantFrom('Content-Length: 7\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n', '\r\n').map((rest) => ({
    method: 'HEAD',
    rest,
    body: '',
  })),
)

export const validAnswer: fc.Arbitrary<GeneratedAnswer> = fc
  .tuple(informational, head, connection, framed)
  .map(([before, start, lines, { method, rest, body }]) => ({
    method,
    body,
    bytes: `${before}${start}${lines}${rest}`,
  }))

const inserted = fc.oneof(
  fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    '\0',
    ' ',
    '\t',
    ':',
    ';',
    ',',
    '0',
    '1',
    'f',
    '-',
    '+',
    '"',
    '\x7f',
    '\x80',
  ),
  fc.constantFrom(
    'Content-Length: 3\r\n',
    'Transfer-Encoding: chunked\r\n',
    '\r\n\r\n',
    'HTTP/1.1 200 OK\r\n',
  ),
)

/** One edit: what is cut out at a place (in thousandths of the whole), and what is put there instead. */
const edit = fc.record({
  place: fc.integer({ min: 0, max: 1_000 }),
  removed: fc.constantFrom(0, 0, 1, 1, 2, 10),
  added: fc.oneof(fc.constant(''), inserted, fc.string({ unit: 'binary-ascii', maxLength: 3 })),
})

/** An answer with one to three faults, or none that matter. */
export const mutatedAnswer: fc.Arbitrary<GeneratedAnswer> = fc
  .tuple(validAnswer, fc.array(edit, { minLength: 1, maxLength: 3 }))
  .map(([answer, edits]) => {
    let { bytes } = answer
    for (const { place, removed, added } of edits) {
      const at = Math.floor((place / 1_000) * bytes.length)
      bytes = bytes.slice(0, at) + added + bytes.slice(at + removed)
    }
    return { bytes, method: answer.method, body: answer.body }
  })

/** The same bytes in pieces of any sizes. */
export function cutAnyhow(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = []
  let at = 0
  for (let turn = 0; at < text.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    pieces.push(text.slice(at, at + size))
    at += size
  }
  return pieces
}

export const pieceSizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 200 })),
  {
    minLength: 1,
    maxLength: 8,
  },
)
