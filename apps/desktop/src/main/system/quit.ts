import type { DesktopShare } from '@private-connect/ui/desktop'
import type { Desktop } from '../desktop/desktop.ts'

interface Preventable {
  preventDefault(): void
}

/** Electron's `app`, `powerMonitor` and `process`, as far as they are used. */
export interface QuitPorts {
  readonly app: {
    on(event: 'before-quit', listener: (event: Preventable) => void): unknown
    exit(code: number): void
  }
  /** Electron's types leave the event out. */
  readonly power: { on(event: 'shutdown', listener: () => void): unknown }
  readonly signals: { on(event: 'SIGTERM' | 'SIGINT' | 'SIGHUP', listener: () => void): unknown }
  readonly desktop: Pick<Desktop, 'state' | 'close'>
  /** Asks the person; not asked again while the question is open. */
  readonly ask: (shares: readonly DesktopShare[]) => Promise<boolean>
  /** Takes away what the person sees, while the hub is told. */
  readonly leave: () => void
}

/** How long the hub may take to be told; a hub that does not answer keeps nobody. */
const farewellMs = 1000

/**
 * The ways out of the app. A person is asked where links would stop working; the system, at log-off and shutdown, is not made to wait for an
 * answer. Each way tells the hub, so that visitors learn at once that the machine is away (CASES ELE-17).
 */
export function handleQuit({ app, power, signals, desktop, ask, leave }: QuitPorts): void {
  let phase: 'running' | 'asking' | 'leaving' = 'running'

  async function end(): Promise<void> {
    if (phase === 'leaving') return
    phase = 'leaving'
    leave()
    const late = new Promise<void>((done) => setTimeout(done, farewellMs))
    await Promise.race([desktop.close().catch(() => undefined), late])
    app.exit(0)
  }

  async function askFirst(): Promise<void> {
    if (phase !== 'running') return
    phase = 'asking'
    const isSure = await ask(desktop.state.get().shares).catch(() => true)
    if (phase !== 'asking') return
    phase = 'running'
    if (isSure) await end()
  }

  app.on('before-quit', (event) => {
    event.preventDefault()
    void askFirst()
  })
  power.on('shutdown', (event?: Preventable) => {
    event?.preventDefault()
    void end()
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) signals.on(signal, () => void end())
}
