import type { ServiceCheck } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { describeCheck } from './describe-service.ts'

/** What a check found, step by step. */
export function CheckReport({ check }: { readonly check: ServiceCheck }) {
  const { message, latencyMs } = check
  return (
    <output className="check-report">
      <strong>{message}</strong>
      <span className="row">
        {describeCheck(check).map(({ name, tone, word }) => (
          <Badge key={name} tone={tone}>{`${name}: ${word}`}</Badge>
        ))}
        {latencyMs === null ? null : <span className="hint">{`connected within ${latencyMs} ms`}</span>}
      </span>
    </output>
  )
}
