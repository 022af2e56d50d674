import { z } from 'zod'

/** What is wrong with a pattern, each with the sentence that follows "The pattern …". First match wins. */
const faults: readonly (readonly [test: RegExp, sentence: string])[] = [
  [/^$/, 'must not be empty'],
  [/^[^/]/, 'must begin with /'],
  [/[\p{Cc}\p{Cs}]/u, 'must not contain control characters'],
  [/[?#]/, 'must be a path only, without ? or #'],
  [/%/, 'must be written without percent-encoding: visitors’ paths are decoded before they are compared'],
  [/[\\;]/, 'must not contain \\ or ;'],
  [/\/\//, 'must not contain //'],
  [/\/\.{1,2}(\/|$)/, 'must not contain . or .. segments'],
  [/\*\*/, 'must not contain **: one * stands for any characters of a segment, a final /* for all below'],
]

/**
 * Says why a pattern of `allowedPaths` is refused, or null when it is fine (SPEC §5, Allowed paths). A pattern
 * that no canonical request target could ever match is refused, since its owner meant something else by it.
 */
export function describePatternFault(pattern: string): string | null {
  if (pattern.length > 2048) return 'must have at most 2048 characters'
  return faults.find(([test]) => test.test(pattern))?.[1] ?? null
}

function quote(pattern: string): string {
  const shown = pattern.length > 64 ? `${pattern.slice(0, 64)}…` : pattern
  return JSON.stringify(shown)
}

const allowedPath = z
  .string({ error: 'Must be a string such as "/api/*"' })
  .superRefine((pattern, issues) => {
    const fault = describePatternFault(pattern)
    if (fault === null) return
    issues.addIssue({ code: 'custom', message: `The pattern ${quote(pattern)} ${fault}`, input: pattern })
  })

export const allowedPaths = z
  .array(allowedPath)
  .min(1, 'Must name at least one path. Leave allowedPaths out to allow every path')
  .max(100, 'Must have at most 100 patterns')
  .meta({
    description:
      'Paths that visitors may request. `*` stands for any characters of one segment, a final `/*` for everything below; otherwise exact.',
    examples: [['/api/*', '/public/*']],
  })
