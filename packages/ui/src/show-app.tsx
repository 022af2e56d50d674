import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import type { DesktopBridge } from './desktop/desktop-contract.ts'
import { createHubClient } from './hub/hub-client.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/layout.css'
import './styles/share.css'
import './styles/charts.css'
import './styles/queries.css'
import './styles/desktop.css'

/** Fills the page's #root with the screens. Both the hub and the app's window answer `/trpc` at the page's own origin. */
export function showApp(desktop?: DesktopBridge): void {
  const root = document.getElementById('root')
  if (root === null) throw new Error('The page has no root element.')
  createRoot(root).render(
    <StrictMode>
      <App hub={createHubClient('/trpc')} desktop={desktop} />
    </StrictMode>,
  )
}
