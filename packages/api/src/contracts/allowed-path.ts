import { z } from 'zod'

/** What is wrong with a pattern, each with the sentence that follows "The pattern …". First match wins. */
const faults: readonly (readonly [test: RegExp, sentence: string])[] = [
  [/^$/, 'must not be empty'],
  [/^[^/]/, 'must begin with /'],
  [/[^\x21-\x7e]/, 'must be printable ASCII: write other characters as percent-encoded UTF-8'],
  [/[?#]/, 'must be a path only, without ? or #'],
  [/[\\;]/, 'must not contain \\ or ;'],
  [/\/\//, 'must not contain //'],
  [/(^|\/)\.{1,2}(\/|$)/, 'must not contain . or .. segments'],
  [/\*\*/, 'must not contain **: one * stands for any characters of a segment, a final /* for all below'],
  [/%(?![0-9a-fA-F]{2})/, 'has a % that is not followed by two hex digits'],
  [
    /%(2[dDeEfF]|5[cCfF]|7[eEfF]|3[0-9]|4[1-9a-fA-F]|5[0-9aA]|6[1-9a-fA-F]|7[0-9aA]|[01][0-9a-fA-F])/,
    'must not percent-encode letters, digits, - . _ ~ / \\ or control characters',
  ],
]

/**
 * Says why a pattern of `allowedPaths` is refused, or null when it is fine (SPEC §5, Allowed paths). A pattern
 * that no canonical request target could ever match is refused, since its owner meant something else by it.
 */
export function describePatternFault(pattern: string): string | null {
  if (pattern.length > 2048) return 'must have at most 2048 characters'
  const fault = faults.find(([test]) => test.test(pattern))
  if (fault !== undefined) return fault[1]
  return isUtf8Encoding(pattern) ? null : 'must percent-encode UTF-8'
}

function isUtf8Encoding(pattern: string): boolean {
  try {
    decodeURIComponent(pattern)
    return true
  } catch {
    return false
  }
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
