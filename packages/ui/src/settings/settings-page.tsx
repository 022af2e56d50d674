import { PageHead } from '../components/page-head.tsx'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { DesktopSection } from '../desktop/settings/desktop-section.tsx'
import type { Me } from '../shell/me.ts'
import { SessionsSection } from './sessions-section.tsx'
import { WorkspaceSection } from './workspace-section.tsx'

export function SettingsPage({ me }: { readonly me: Me }) {
  const desktop = useDesktop()
  return (
    <>
      <PageHead title="Settings" />
      {desktop === null ? null : <DesktopSection />}
      <WorkspaceSection />
      {me.user === null ? null : <SessionsSection email={me.user.email} />}
    </>
  )
}
