import type { Service, Share } from '@private-connect/api/contracts'
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

/** Whether it is open, where it leads, and what it allows. */
export function ShareFacts({ share, service, nowMs }: ShareFactsProps) {
  const state = describeShare(share, nowMs)
  const facts: ReadonlyArray<readonly [string, ReactNode]> = [
    ['Leads to', service === undefined ? '…' : <ServiceLink key="service" service={service} />],
    ['Link begins with', <code key="link">{share.tokenPreview}</code>],
    ['Ends', share.expiresAt === null ? 'Never' : writeTime(share.expiresAt)],
    ['Paths', share.allowedPaths?.join('\n') ?? 'All'],
    ['Methods', share.allowedMethods?.join(' ') ?? 'All'],
    ['At most', `${(share.rateLimitPerMin ?? 5_000).toLocaleString('en')} requests a minute`],
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

function ServiceLink({ service: { name, targetHost, targetPort } }: { readonly service: Service }) {
  return (
    <>
      <Link href="/services">{name}</Link> <span className="soft">{`${targetHost}:${targetPort}`}</span>
    </>
  )
}
