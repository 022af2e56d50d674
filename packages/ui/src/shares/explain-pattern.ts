import { describePatternFault } from '@private-connect/api/contracts'

interface Explanation {
  readonly pattern: string
  /** Why the hub will refuse it; null when it is fine. */
  readonly fault: string | null
  readonly passes: readonly string[]
  readonly refused: readonly string[]
}

const anySegment = 'abc'

/**
 * Examples of what a pattern of allowed paths lets through and what it does not. They follow from its form alone: `*` is any
 * run of characters inside one segment, a final `/*` everything below, anything else exact.
 */
export function explainPattern(pattern: string): Explanation {
  const fault = describePatternFault(pattern)
  if (fault !== null) return { pattern, fault, passes: [], refused: [] }
  if (pattern.endsWith('/*')) {
    const folder = fill(pattern.slice(0, -2))
    const refused = folder === '' ? [] : [folder, `${folder}x/${anySegment}`]
    return { pattern, fault, passes: [`${folder}/`, `${folder}/${anySegment}`, `${folder}/a/b`], refused }
  }
  const exact = fill(pattern)
  const below = exact.endsWith('/') ? `${exact}${anySegment}` : `${exact}/`
  return { pattern, fault, passes: [exact, `${exact}?any=query`], refused: [below] }
}

const fill = (text: string): string => text.replaceAll('*', anySegment)
