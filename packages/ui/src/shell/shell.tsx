import { lazy, Suspense } from 'react'
import { Button } from 'react-aria-components'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { AgentsPage } from '../agents/agents-page.tsx'
import { ActivityPage } from '../activity/activity-page.tsx'
import { LiveEvents } from '../activity/live-events.tsx'
import { AuditPage } from '../activity/audit-page.tsx'
import { ApiKeysPage } from '../keys/api-keys-page.tsx'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { Trouble } from '../desktop/connection-status.tsx'
import { SharePortPage } from '../desktop/share-port/share-port-page.tsx'
import { ServicesPage } from '../services/services-page.tsx'
import { SettingsPage } from '../settings/settings-page.tsx'
import { SharesPage } from '../shares/shares-page.tsx'
import { WebhooksPage } from '../webhooks/webhooks-page.tsx'
import type { Me } from './me.ts'
import { Navigation } from './navigation.tsx'
import { ScreenGuard } from './screen-guard.tsx'
import { useFocusOnMove } from './use-focus-on-move.ts'

// The charts are most of the window's weight, and this page alone has them.
const SharePage = lazy(async () => import('../shares/share-page.tsx'))

/** Every screen is one step from the navigation, a share's own page two. */
export function Shell({ me }: { readonly me: Me }) {
  const desktop = useDesktop()
  const [path] = useLocation()
  const content = useFocusOnMove(path)
  return (
    <LiveEvents>
      <div className="shell">
        <Button className="skip" onPress={() => content.current?.focus()}>
          Skip to the content
        </Button>
        <Navigation me={me} />
        <main id="content" ref={content} className="content" tabIndex={-1}>
          <Trouble />
          <ScreenGuard key={path}>
            <Switch>
              {desktop === null ? null : <Route path="/share" component={SharePortPage} />}
              <Route path="/shares/:id/:part?">
                {({ id, part }) => (
                  <Suspense fallback={<p className="state soft">Opening …</p>}>
                    <SharePage key={id} id={id} part={part} />
                  </Suspense>
                )}
              </Route>
              <Route path="/shares" component={SharesPage} />
              <Route path="/activity" component={ActivityPage} />
              <Route path="/services" component={ServicesPage} />
              <Route path="/agents" component={AgentsPage} />
              <Route path="/keys" component={ApiKeysPage} />
              <Route path="/webhooks" component={WebhooksPage} />
              <Route path="/audit" component={AuditPage} />
              <Route path="/settings">
                <SettingsPage me={me} />
              </Route>
              <Route>
                <Redirect to={desktop === null ? '/shares' : '/share'} replace />
              </Route>
            </Switch>
          </ScreenGuard>
        </main>
      </div>
    </LiveEvents>
  )
}
