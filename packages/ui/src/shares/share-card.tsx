import type { CreatedShare, Share } from '@private-connect/api/contracts'
import { Link } from 'wouter'
import { Badge } from '../components/badge.tsx'
import { tellPast } from '../components/time.ts'
import { Extend, NewLink, Revoke } from './share-actions.tsx'
import { describeShare } from './share-state.ts'

interface ShareCardProps {
  readonly share: Share
  readonly nowMs: number
  readonly onNewLink: (link: CreatedShare) => void
}

/** A share in the list, with what is done most. Its name leads to everything else. */
export function ShareCard({ share, nowMs, onNewLink }: ShareCardProps) {
  const { id, name, description, accessCount, lastAccessedAt, revokedAt } = share
  const state = describeShare(share, nowMs)
  const uses = accessCount === 1 ? '1 request' : `${accessCount.toLocaleString('en')} requests`
  return (
    <>
      <span className="card-head">
        <Link href={`/shares/${id}`} className="card-title">
          {name}
        </Link>
        <Badge tone={state.tone}>{state.word}</Badge>
      </span>
      {description === null ? null : <span className="soft">{description}</span>}
      <span className="card-facts">
        <span>{state.sentence}</span>
        <span>{uses}</span>
        <span>
          {lastAccessedAt === null ? 'never opened' : `last opened ${tellPast(lastAccessedAt, nowMs)}`}
        </span>
      </span>
      {revokedAt === null ? (
        <div className="row">
          <Extend id={id} />
          <NewLink id={id} onNewLink={onNewLink} />
          <Revoke id={id} name={name} />
        </div>
      ) : null}
    </>
  )
}
