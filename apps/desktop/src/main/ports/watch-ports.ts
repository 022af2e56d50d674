import { app } from 'electron'
import { selectListenerSource } from './listener-source.ts'
import { PortWatch, type PortWatchOptions } from './port-watch.ts'
import { probePort } from './probe-port.ts'

export interface WatchPortsOptions {
  readonly systemRoot: string
  readonly logError: PortWatchOptions['logError']
}

/** The ports of this machine, but for those of this app's own processes. */
export function watchPorts({ systemRoot, logError }: WatchPortsOptions): PortWatch {
  return new PortWatch({
    ...selectListenerSource(process.platform, systemRoot),
    probe: ({ hosts, port }) => probePort({ hosts, port }),
    isOwnProcess: (pid) => pid === process.pid || app.getAppMetrics().some((own) => own.pid === pid),
    logError,
  })
}
