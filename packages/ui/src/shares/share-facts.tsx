import { knownEngine, type Service, type Share } from '@private-connect/api/contracts'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Badge } from '../components/badge.tsx'
import { writeTime } from '../components/time.ts'
import { describeShare } from './share-state.ts'

interface ShareFactsProps {
  readonly share: Share
  readonly service: Service | undefined
  readonly nowMs: number
}

type Fact = readonly [term: string, value: ReactNode]

/** Whether it is open, where it leads, and what it allows. */
export function ShareFacts({ share, service, nowMs }: ShareFactsProps) {
  const state = describeShare(share, nowMs)
  const isDatabase = service !== undefined && knownEngine(service) !== null
  const facts: readonly Fact[] = [
    ['Leads to', service === undefined ? '…' : <ServiceLink key="service" service={service} />],
    ['Link begins with', <code key="link">{share.tokenPreview}</code>],
    ['Ends', share.expiresAt === null ? 'Never' : writeTime(share.expiresAt)],
    ...(isDatabase ? databaseRules(share) : webRules(share)),
  ]
  return (
    <>
      <p className="row">
        <Badge tone={state.tone}>{state.word}</Badge>
        <span className="soft">{`${state.sentence}, created ${writeTime(share.createdAt)}`}</span>
      </p>
      <dl className="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function webRules({ allowedPaths, allowedMethods, rateLimitPerMin }: Share): readonly Fact[] {
  return [
    ['Paths', allowedPaths?.join(', ') ?? 'All'],
    ['Methods', allowedMethods?.join(' ') ?? 'All'],
    ['At most', `${(rateLimitPerMin ?? 5_000).toLocaleString('en')} requests a minute`],
  ]
}

function databaseRules({ maskedColumns, rateLimitPerMin }: Share): readonly Fact[] {
  return [
    ['Masked columns', maskedColumns.length === 0 ? 'None' : maskedColumns.join(', ')],
    ['At most', `${Math.min(rateLimitPerMin ?? 30, 30)} queries a minute`],
  ]
}

function ServiceLink({ service: { name, targetHost, targetPort } }: { readonly service: Service }) {
  return (
    <>
      <Link href="/services">{name}</Link> <span className="soft">{`${targetHost}:${targetPort}`}</span>
    </>
  )
}
