import { refuseQuery } from '../query-errors.ts'

export interface CommandWord {
  readonly bytes: Buffer
  /** Where it begins in the line, in characters from 1. */
  readonly position: number
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, a: 7 }

/**
 * The words of one command line, as redis-cli splits them: blanks between, `"…"` with `\xHH \n \r \t \b \a` and `\` for
 * any other character, `'…'` with `\'` only. Throws `query.refused` where a quotation does not end, or goes on behind its end.
 */
export function splitCommand(line: string): CommandWord[] {
  const words: CommandWord[] = []
  let at = 0
  for (;;) {
    while (at < line.length && isBlank(line.charAt(at))) at += 1
    if (at >= line.length) return words
    const word = readWord(line, at)
    words.push({ bytes: Buffer.concat(word.pieces), position: at + 1 })
    at = word.end
  }
}

interface ReadPart {
  readonly pieces: Buffer[]
  readonly end: number
}

function readWord(line: string, start: number): ReadPart {
  const first = line.charAt(start)
  if (first === '"' || first === "'") return readQuoted(line, start)
  let end = start
  while (end < line.length && !isBlank(line.charAt(end))) {
    if (line.charAt(end) === '"' || line.charAt(end) === "'") {
      throw refuseQuery('A quotation mark stands inside a word. Put the whole word in quotes.', {
        position: end + 1,
      })
    }
    end += 1
  }
  return { pieces: [Buffer.from(line.slice(start, end))], end }
}

function readQuoted(line: string, start: number): ReadPart {
  const quote = line.charAt(start)
  const pieces: Buffer[] = []
  let at = start + 1
  for (;;) {
    if (at >= line.length) throw refuseQuery('This quotation does not end.', { position: start + 1 })
    if (line.charAt(at) === quote) break
    const piece = quote === '"' ? readDouble(line, at) : readSingle(line, at)
    pieces.push(piece.bytes)
    at += piece.length
  }
  const next = line.charAt(at + 1)
  if (next !== '' && !isBlank(next)) {
    throw refuseQuery('After a closing quotation mark comes a blank or the end.', { position: at + 2 })
  }
  return { pieces, end: at + 1 }
}

interface Piece {
  readonly bytes: Buffer
  readonly length: number
}

function readDouble(line: string, at: number): Piece {
  if (line.charAt(at) !== '\\') return readCharacter(line, at)
  const hex = /^\\x([0-9a-f]{2})/i.exec(line.slice(at, at + 4))?.[1]
  if (hex !== undefined) return { bytes: Buffer.from(hex, 'hex'), length: 4 }
  const control = escapes[line.charAt(at + 1)]
  if (control !== undefined) return { bytes: Buffer.of(control), length: 2 }
  const { bytes, length } = readCharacter(line, at + 1)
  return { bytes, length: length + 1 }
}

function readSingle(line: string, at: number): Piece {
  return line.startsWith("\\'", at) ? { bytes: Buffer.from("'"), length: 2 } : readCharacter(line, at)
}

/** One character, a surrogate pair as a whole. */
function readCharacter(line: string, at: number): Piece {
  const character = String.fromCodePoint(line.codePointAt(at) ?? 0)
  return at >= line.length
    ? { bytes: Buffer.alloc(0), length: 1 }
    : { bytes: Buffer.from(character), length: character.length }
}

function isBlank(character: string): boolean {
  return /\s/.test(character)
}
