/** A generator of numbers from 0 to below 1 that a seed repeats (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What tricks are made of. */
const spices = [
  "'",
  '"',
  '`',
  '\\',
  ';',
  ' ',
  '\n',
  '--',
  '-- ',
  '#',
  '/*',
  '*/',
  '/*!',
  '/*!50000 ',
  '/*M! ',
  '(',
  ')',
  ',',
  '.',
  '@',
  ':=',
  '?',
  '\u00a0',
  '；',
  '縗',
  '\u0000',
  'ſ',
  ' INTO OUTFILE "/tmp/pc-fuzz"',
  ' FOR UPDATE ',
  ' UNION SELECT ',
  ' SLEEP(9) ',
  ' take_note() ',
  '; DROP TABLE users',
  ' INTO @x ',
  ' NEXT VALUE FOR numbers ',
]

/** One of several small changes: pieces left out, doubled, swapped, taken from another statement, or spiced. */
export function mutateSql(statement: string, others: readonly string[], random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  let pieces = piecesOf(statement)
  const changes = 1 + Math.floor(random() * 4)
  for (let change = 0; change < changes; change += 1) {
    const at = Math.floor(random() * (pieces.length + 1))
    const other = piecesOf(pick(others))
    pieces = pick([
      () => pieces.toSpliced(at, 1),
      () => pieces.toSpliced(at, 0, pick(spices)),
      () => pieces.toSpliced(at, 1, pick(spices)),
      () => pieces.toSpliced(at, 1, pick(other)),
      () => [...pieces.slice(0, at), ...other.slice(Math.floor(random() * other.length))],
      () => [...pieces.slice(0, at), ...pieces.slice(Math.max(0, at - 2))],
      () => pieces.map((piece) => (random() < 0.05 ? piece.toUpperCase() : piece)),
      () => pieces.toSpliced(at, 0, pick(others)),
    ])()
  }
  return pieces.join('')
}

function piecesOf(statement: string): string[] {
  return statement.match(/\w+|\s+|[^\w\s]/gu) ?? ['']
}
