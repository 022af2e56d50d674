import { knownEngine, type Service } from '@private-connect/api/contracts'
import { Link } from 'wouter'

/** Said where queries will be refused for want of a login, before they are. */
export function LoginMissing({ service }: { readonly service: Service | undefined }) {
  if (service === undefined || !needsLogin(service)) return null
  return (
    <p className="callout callout-late">
      No login is stored for this database, so that queries are refused. Store one by “Database login” under{' '}
      <Link href="/services">Services</Link>.
    </p>
  )
}

/** Redis and MongoDB may be open to whoever reaches them. */
function needsLogin(service: Service): boolean {
  const engine = knownEngine(service)
  return !service.hasCredentials && (engine === 'postgresql' || engine === 'mysql')
}
