import { PageHead } from '../components/page-head.tsx'
import type { Me } from '../shell/me.ts'
import { SessionsSection } from './sessions-section.tsx'
import { WorkspaceSection } from './workspace-section.tsx'

export function SettingsPage({ me }: { readonly me: Me }) {
  return (
    <>
      <PageHead title="Settings" />
      <WorkspaceSection />
      {me.user === null ? null : <SessionsSection email={me.user.email} />}
    </>
  )
}
