import { Link } from 'wouter'
import { Badge } from '../../components/badge.tsx'
import { tellTime } from '../../components/time.ts'
import { useNow } from '../../components/use-now.ts'
import type { DesktopShare } from '../desktop-contract.ts'
import { useOwnDesktop } from '../desktop-context.tsx'
import { MachineShareActions } from './machine-share-actions.tsx'

const soonMs = 3_600_000

/** The open shares of this computer, whose links it still has. */
export function MachineShares() {
  const { shares } = useOwnDesktop().state
  const nowMs = useNow()
  return (
    <section className="port-group" aria-labelledby="machine-shares-title">
      <h2 id="machine-shares-title">On this computer</h2>
      {shares.length === 0 ? (
        <p className="card soft">
          <span>
            Nothing is shared from here. <Link href="/share">Share a port</Link>
          </span>
        </p>
      ) : (
        <ul className="cards">
          {shares.map((share) => (
            <li key={share.id} className="card">
              <MachineShare share={share} nowMs={nowMs} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function MachineShare({ share, nowMs }: { readonly share: DesktopShare; readonly nowMs: number }) {
  const { id, name, targetHost, targetPort, expiresAtMs, visitorCount } = share
  const endsSoon = expiresAtMs !== null && expiresAtMs - nowMs < soonMs
  return (
    <>
      <span className="card-head">
        <Link href={`/shares/${id}`} className="card-title">
          {name}
        </Link>
        <Badge tone={endsSoon ? 'late' : 'good'}>{endsSoon ? 'Ends soon' : 'Active'}</Badge>
      </span>
      <span className="card-facts">
        <code>
          {targetHost}:{targetPort}
        </code>
        <span>
          {expiresAtMs === null
            ? 'never expires'
            : `expires ${tellTime(new Date(expiresAtMs).toISOString(), nowMs)}`}
        </span>
        <span>{tellVisitors(visitorCount)}</span>
      </span>
      <MachineShareActions share={share} />
    </>
  )
}

function tellVisitors(count: number): string {
  if (count === 0) return 'no visitors yet'
  return count === 1 ? '1 visitor' : `${count.toLocaleString('en')} visitors`
}
