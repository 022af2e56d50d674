interface Place {
  /** From 1. */
  readonly line: number
  /** A part of that line, around the character. */
  readonly text: string
  /** Characters of `text` before the one that is meant. */
  readonly before: number
}

const leadMax = 40
const shownMax = 90

/** The line that a database points at; `position` counts characters from 1, as people do, not code units. */
export function locateFault(query: string, position: number): Place {
  const before = [...query]
    .slice(0, Math.max(0, position - 1))
    .join('')
    .split('\n')
  const column = [...(before.at(-1) ?? '')].length
  const line = [...(query.split('\n')[before.length - 1] ?? '')]
  const from = Math.max(0, column - leadMax)
  return {
    line: before.length,
    text: line.slice(from, from + shownMax).join(''),
    before: column - from,
  }
}
