import { selectListenerSource } from './listener-source.ts'
import { PortWatch, type PortWatchOptions } from './port-watch.ts'
import { probePort } from './probe-port.ts'

export interface WatchPortsOptions {
  readonly systemRoot: string
  readonly logError: PortWatchOptions['logError']
}

/** The ports of this machine, but for this app's own. */
export function watchPorts({ systemRoot, logError }: WatchPortsOptions): PortWatch {
  return new PortWatch({
    ...selectListenerSource(process.platform, systemRoot),
    // Asked once, so it may take its time; nobody waits for it.
    probe: ({ hosts, port }) => probePort({ hosts, port, timeoutMs: 3000 }),
    // Chromium's debugger, where somebody asked for it; the app's other processes listen nowhere.
    isOwnProcess: (pid) => pid === process.pid,
    logError,
  })
}
