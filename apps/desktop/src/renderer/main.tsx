import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import type { DesktopBridge } from '../shared/ipc.ts'
import { Welcome } from './welcome.tsx'

declare global {
  interface Window {
    /** Put there by the preload script. */
    readonly privateConnect: DesktopBridge
  }
}

const root = document.querySelector('#root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <Welcome bridge={window.privateConnect} />
  </StrictMode>,
)
