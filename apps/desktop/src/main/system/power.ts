import type { Desktop } from '../desktop/desktop.ts'

/** Electron's `powerMonitor`, as far as it is used. */
export interface PowerEvents {
  on(event: 'suspend' | 'resume', listener: () => void): unknown
  off(event: 'suspend' | 'resume', listener: () => void): unknown
}

export interface PowerOptions {
  readonly power: PowerEvents
  readonly desktop: Pick<Desktop, 'state' | 'suspend' | 'resume'>
  /** Electron's `net.isOnline`. */
  readonly isOnline: () => boolean
  /** The machine's own addresses, as one text. */
  readonly addresses: () => string
  /** Whether the hub is on this machine, which needs no network. */
  readonly isLocalHub: (hubUrl: string) => boolean
  readonly everyMs?: number
}

/** Sleep and the network: nothing is tried while there is none, and everything at once when it is back. Answers how to stop. */
export function followPower(options: PowerOptions): () => void {
  const { power, desktop, everyMs = 3000 } = options
  let isAsleep = false
  let before = readNetwork(options)

  const sleep = () => {
    isAsleep = true
    desktop.suspend()
  }
  const wake = () => {
    isAsleep = false
    before = readNetwork(options)
    if (before.isOnline) desktop.resume()
  }
  // Chromium tells pages of such changes, but not the main process.
  const look = () => {
    const now = readNetwork(options)
    const change = isAsleep ? 'none' : compareNetworks(before, now)
    before = now
    if (change === 'gone') desktop.suspend()
    if (change === 'back' || (change === 'other' && isWaiting(desktop))) desktop.resume()
  }

  power.on('suspend', sleep)
  power.on('resume', wake)
  if (!before.isOnline) desktop.suspend()
  const timer = setInterval(look, everyMs).unref()
  return () => {
    power.off('suspend', sleep)
    power.off('resume', wake)
    clearInterval(timer)
  }
}

interface Network {
  readonly isOnline: boolean
  readonly addresses: string
}

function readNetwork({ isOnline, addresses, isLocalHub, desktop }: PowerOptions): Network {
  return { isOnline: isOnline() || isLocalHub(desktop.state.get().settings.hubUrl), addresses: addresses() }
}

/** `other`: another network, or one more or less. */
function compareNetworks(before: Network, now: Network): 'none' | 'gone' | 'back' | 'other' {
  if (before.isOnline !== now.isOnline) return now.isOnline ? 'back' : 'gone'
  return now.isOnline && now.addresses !== before.addresses ? 'other' : 'none'
}

function isWaiting({ state }: Pick<Desktop, 'state'>): boolean {
  const { connection } = state.get()
  return connection === 'offline' || connection === 'connecting'
}
