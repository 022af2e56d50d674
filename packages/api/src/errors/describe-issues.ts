import type { ErrorIssue } from '@private-connect/errors'
import type { z } from 'zod'

const issuesMax = 20
const pathLengthMax = 200

type ZodIssue = z.core.$ZodIssue

/** zod's issues as the API shows them: dotted paths, sentences that say what to change, at most 20. */
export function describeIssues(issues: readonly ZodIssue[]): ErrorIssue[] {
  return issues.flatMap((issue) => describeIssue(issue)).slice(0, issuesMax)
}

function describeIssue(issue: ZodIssue): ErrorIssue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, issuesMax)
      .map((key) => ({ path: joinPath([...issue.path, key]), message: 'Is not a field of this operation' }))
  }
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined')
  return [{ path: joinPath(issue.path), message: isMissing ? 'Is required' : issue.message }]
}

function joinPath(path: readonly PropertyKey[]): string {
  return path.map(String).join('.').slice(0, pathLengthMax)
}
