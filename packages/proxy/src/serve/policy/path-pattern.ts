/** A string, or anything that reads like one: lets a test count how often a character is looked at. */
export interface MatchedText {
  readonly length: number
  charCodeAt(index: number): number
}

interface Piece {
  readonly text: string
  /** Knuth-Morris-Pratt: how much of the piece still matches after a mismatch behind each position. */
  readonly fallback: Int32Array
}

/** A pattern segment, split at its stars: what it begins and ends with, and what comes between, in this order. */
interface SegmentPattern {
  readonly start: string
  /** null: there is no star, `start` is all of it. */
  readonly end: string | null
  readonly between: readonly Piece[]
}

export interface PathPattern {
  readonly segments: readonly SegmentPattern[]
  /** Ends in `/*`: everything below, with at least the slash. */
  readonly isOpen: boolean
}

/**
 * Compiles a share's path pattern: `*` is any run of characters inside one segment, a trailing `/*` everything below,
 * anything else is exact. Throws a RangeError on what is not a pattern; the API refuses such input long before.
 */
export function compilePathPattern(pattern: string): PathPattern {
  if (!pattern.startsWith('/') || pattern.length > 2_048 || /[?#\\;%]/.test(pattern)) {
    throw new RangeError(`Not a path pattern: ${JSON.stringify(pattern)}`)
  }
  const texts = pattern.slice(1).split('/')
  if (texts.some((text) => text === '.' || text === '..')) {
    throw new RangeError(`A path pattern has no dot segments: ${JSON.stringify(pattern)}`)
  }
  const isOpen = texts.at(-1) === '*'
  const closed = isOpen ? texts.slice(0, -1) : texts
  return { segments: closed.map(compileSegment), isOpen }
}

/** Whether a path, as its decoded segments, is one of those that the pattern means. Linear in path plus pattern. */
export function matchesPattern(segments: readonly MatchedText[], pattern: PathPattern): boolean {
  const wanted = pattern.segments.length
  if (pattern.isOpen ? segments.length <= wanted : segments.length !== wanted) return false
  return pattern.segments.every((segment, at) => matchesSegment(segments[at] ?? '', segment))
}

/** Leftmost matches suffice: a piece found earlier only leaves more room for those behind it, so nothing is tried twice. */
function matchesSegment(text: MatchedText, pattern: SegmentPattern): boolean {
  if (pattern.end === null) return text.length === pattern.start.length && isAt(text, pattern.start, 0)
  const end = text.length - pattern.end.length
  if (end < pattern.start.length || !isAt(text, pattern.start, 0) || !isAt(text, pattern.end, end))
    return false
  let at = pattern.start.length
  for (const piece of pattern.between) {
    at = find(text, piece, { from: at, to: end })
    if (at < 0) return false
  }
  return true
}

function isAt(text: MatchedText, piece: string, start: number): boolean {
  for (let index = 0; index < piece.length; index += 1) {
    if (text.charCodeAt(start + index) !== piece.charCodeAt(index)) return false
  }
  return true
}

/** Where the first occurrence inside [from, to) ends, or -1. */
function find(text: MatchedText, piece: Piece, range: { from: number; to: number }): number {
  let matched = 0
  for (let at = range.from; at < range.to; at += 1) {
    const code = text.charCodeAt(at)
    while (matched > 0 && code !== piece.text.charCodeAt(matched)) matched = piece.fallback[matched - 1] ?? 0
    if (code === piece.text.charCodeAt(matched)) matched += 1
    if (matched === piece.text.length) return at + 1
  }
  return -1
}

function compileSegment(text: string): SegmentPattern {
  const pieces = text.split(/\*+/)
  const start = pieces[0] ?? ''
  const end = pieces.length === 1 ? null : (pieces.at(-1) ?? '')
  return { start, end, between: pieces.slice(1, -1).map(compilePiece) }
}

function compilePiece(text: string): Piece {
  const fallback = new Int32Array(text.length)
  let matched = 0
  for (let at = 1; at < text.length; at += 1) {
    while (matched > 0 && text.charCodeAt(at) !== text.charCodeAt(matched))
      matched = fallback[matched - 1] ?? 0
    if (text.charCodeAt(at) === text.charCodeAt(matched)) matched += 1
    fallback[at] = matched
  }
  return { text, fallback }
}
