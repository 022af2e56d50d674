import { queryInput, type QueryInput } from '../../contracts/index.ts'
import { describeIssues } from '../../errors/describe-issues.ts'
import { invalidRequest } from '../../errors/to-api-error.ts'

/** The body of `POST /api/shared/:token/query`, checked. Throws `request.invalid`. */
export function readQueryInput(body: unknown): QueryInput {
  const parsed = queryInput.safeParse(body)
  if (!parsed.success) throw invalidRequest(describeIssues(parsed.error.issues))
  return parsed.data
}
