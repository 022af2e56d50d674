import type { Session } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { ListState } from '../components/list-state.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { tellPast } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { usePages } from '../hub/use-pages.ts'
import { nameDevice } from './name-device.ts'

export function SessionsSection({ email }: { readonly email: string }) {
  const hub = useHub()
  // The app signs out by itself: it has a credential to forget.
  const isInBrowser = useDesktop() === null
  const nowMs = useNow()
  const pages = usePages({ key: ['sessions'], read: async (page) => hub.sessions.list.query(page) })
  const endOthers = useAction({
    changes: ['sessions'],
    run: async () => hub.sessions.endOthers.mutate({}),
    done: () => 'Only this session is left.',
  })
  const signOut = useAction({
    changes: ['me'],
    run: async () => hub.auth.logout.mutate({}),
  })
  return (
    <section className="section" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Sessions</h2>
      <p className="soft">Where {email} is signed in.</p>
      <ListState query={pages} isEmpty={false} empty={null}>
        <ul className="cards">
          {pages.items.map((session) => (
            <li key={session.id} className="card">
              <SessionCard session={session} nowMs={nowMs} />
            </li>
          ))}
        </ul>
        <ShowMore pages={pages} />
      </ListState>
      <div className="row">
        {isInBrowser ? <Button onPress={() => signOut.mutate()}>Sign out</Button> : null}
        <Button look="quiet" onPress={() => endOthers.mutate()}>
          End all others
        </Button>
      </div>
    </section>
  )
}

function SessionCard({ session, nowMs }: { readonly session: Session; readonly nowMs: number }) {
  const hub = useHub()
  const { id, kind, ipAddress, userAgent, lastSeenAt, isCurrent } = session
  const end = useAction({
    changes: ['sessions'],
    run: async () => hub.sessions.end.mutate({ id }),
    done: () => 'The session is ended.',
  })
  return (
    <>
      <span className="card-head">
        <strong>{kind === 'device' ? 'App or command line' : nameDevice(userAgent)}</strong>
        {isCurrent ? <Badge tone="good">This one</Badge> : null}
      </span>
      <span className="card-facts">
        <span>{ipAddress ?? 'unknown address'}</span>
        <span>used {tellPast(lastSeenAt, nowMs)}</span>
      </span>
      {isCurrent ? null : (
        <div className="row">
          <Button look="quiet" onPress={() => end.mutate()}>
            End it
          </Button>
        </div>
      )}
    </>
  )
}
