import { useDesktop } from './desktop-context.tsx'
import type { DesktopState } from './desktop-contract.ts'

const words: Record<DesktopState['connection'], string> = {
  offline: 'Offline',
  connecting: 'Connecting …',
  connected: 'Connected',
  sharing: 'Sharing',
}

const tones = { offline: 'bad', connecting: 'late', connected: 'good', sharing: 'good' } as const

/** Whether visitors reach this computer, in a word; null in a browser. */
export function ConnectionStatus() {
  const desktop = useDesktop()
  if (desktop === null) return null
  const { connection, shares, settings } = desktop.state
  const count = shares.length === 1 ? '1 share' : `${shares.length} shares`
  return (
    <output className="connection" title={settings.hubUrl}>
      <span className={`connection-dot connection-${tones[connection]}`} aria-hidden />
      {words[connection]}
      {connection === 'sharing' ? <span className="soft"> · {count}</span> : null}
    </output>
  )
}

/** What is wrong, where something is. */
export function Trouble() {
  const desktop = useDesktop()
  if (desktop === null || desktop.state.trouble === null) return null
  return (
    <p className="callout callout-late" role="alert">
      {desktop.state.trouble}
    </p>
  )
}
