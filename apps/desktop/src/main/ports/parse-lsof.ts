import type { ListeningSocket } from './listener.ts'

export interface LsofListing {
  readonly sockets: readonly ListeningSocket[]
  /** Process id → its name. */
  readonly names: ReadonlyMap<number, string>
}

/**
 * Reads what `lsof -F pctn` prints: one field a line, its first character says which: `p` process id, `c` command, and for each
 * open file `f`, its type `t` (IPv4, IPv6) and name `n` (`*:3000`, `127.0.0.1:3000`, `[::1]:3000`).
 */
export function parseLsof(text: string): LsofListing {
  const sockets: ListeningSocket[] = []
  const names = new Map<number, string>()
  let pid: number | null = null
  let type = ''
  for (const line of text.split('\n')) {
    const value = line.slice(1)
    if (line.startsWith('p')) pid = /^\d+$/.test(value) ? Number(value) : null
    else if (line.startsWith('c') && pid !== null) names.set(pid, unescapeLsof(value))
    else if (line.startsWith('t')) type = value
    else if (line.startsWith('n') && pid !== null) {
      const socket = readName(value, type)
      if (socket !== null) sockets.push({ ...socket, pid })
    }
  }
  return { sockets, names }
}

function readName(name: string, type: string): { address: string; port: number } | null {
  const [, host = '', digits = ''] = /^(\*|[\d.]+|\[[^\]]+\]):(\d{1,5})$/.exec(name) ?? []
  const port = Number(digits)
  if (port < 1 || port > 65_535) return null
  if (host === '*') return { address: type === 'IPv6' ? '::' : '0.0.0.0', port }
  return { address: host.replace(/^\[|\]$/g, ''), port }
}

/** lsof prints bytes that are not printable ASCII, and spaces, as `\x20`. */
function unescapeLsof(text: string): string {
  const bytes = text.replaceAll(/\\x([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Reads `ps -o pid=,args=`: a process id and its command line in each line. */
export function parsePs(text: string): ReadonlyMap<number, string> {
  const commandLines = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [, pid = '', commandLine = ''] = /^\s*(\d+)\s+(.*\S)\s*$/.exec(line) ?? []
    if (pid !== '') commandLines.set(Number(pid), commandLine)
  }
  return commandLines
}
