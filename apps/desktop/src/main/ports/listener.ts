/** A TCP socket that listens, as the system's table has it. */
export interface ListeningSocket {
  /** `127.0.0.1`, `::1`, `0.0.0.0`, `::`, or another address. */
  readonly address: string
  readonly port: number
  /** Null where the system does not say whose it is: another user's. */
  readonly pid: number | null
}

export interface OwnerProcess {
  readonly name: string
  /** With its arguments; empty where the system does not say. */
  readonly commandLine: string
}

/** A port of this machine that something listens at, once for IPv4 and IPv6. */
export interface Listener {
  readonly port: number
  /** Where to dial it, the likeliest first. */
  readonly hosts: readonly [string, ...string[]]
  readonly pid: number | null
  readonly processName: string | null
  readonly commandLine: string
}

/** Where listeners are read from: one for each system. */
export interface ListenerSource {
  read(): Promise<readonly Listener[]>
  /** Changes with the listeners, for a fraction of what `read` costs; undefined where nothing is that cheap. */
  readonly fingerprint?: () => Promise<string>
}

/** From the most to the least particular: whoever listens at 127.0.0.1 answers there before a wildcard does. */
const hostsByAddress: Readonly<Record<string, readonly [string, ...string[]]>> = {
  '127.0.0.1': ['127.0.0.1'],
  '0.0.0.0': ['127.0.0.1'],
  '::1': ['::1'],
  // Usually IPv4 too; the probe notices where it is not.
  '::': ['127.0.0.1', '::1'],
}
const addresses = Object.keys(hostsByAddress)

/** Joins IPv4 and IPv6, leaves out what listens at outside addresses only, and names the owners. Sorted by port. */
export function gatherListeners(
  sockets: readonly ListeningSocket[],
  processes: ReadonlyMap<number, OwnerProcess>,
): readonly Listener[] {
  const best = new Map<number, ListeningSocket>()
  for (const socket of sockets) {
    const rank = addresses.indexOf(socket.address)
    const known = best.get(socket.port)
    if (rank === -1) continue
    if (known === undefined || rank < addresses.indexOf(known.address)) best.set(socket.port, socket)
  }
  return [...best.values()]
    .sort((a, b) => a.port - b.port)
    .map(({ address, port, pid }) => {
      const owner = pid === null ? undefined : processes.get(pid)
      return {
        port,
        hosts: hostsByAddress[address] ?? ['127.0.0.1'],
        pid,
        processName: owner?.name ?? null,
        commandLine: owner?.commandLine ?? '',
      }
    })
}

/** Names and command lines together. */
export function joinProcesses(
  names: ReadonlyMap<number, string>,
  commandLines: ReadonlyMap<number, string>,
): ReadonlyMap<number, OwnerProcess> {
  return new Map([...names].map(([pid, name]) => [pid, { name, commandLine: commandLines.get(pid) ?? '' }]))
}
