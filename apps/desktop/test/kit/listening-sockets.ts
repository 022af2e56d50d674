import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The process and all that it started, directly or not, which still run. Linux. */
export function processTree(rootPid: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const stat = Number.isInteger(pid) ? readOrEmpty(`/proc/${pid}/stat`) : ''
    // The name of a program stands in parentheses and may hold anything.
    const parent = /^.*\) \S (\d+) /s.exec(stat)?.[1]
    if (parent !== undefined) parents.set(pid, Number(parent))
  }
  const tree = [rootPid]
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child)
  return tree
}

/** What the processes listen at over TCP, or are bound to over UDP, as `/proc/net` writes addresses: `tcp 0100007F:1F90`. */
export function listeningSockets(pids: readonly number[]): string[] {
  const inodes = new Set(pids.flatMap(socketInodes))
  return ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((protocol) =>
    readFileSync(`/proc/net/${protocol}`, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => inodes.has(fields[9] ?? '') && isOpen(protocol, fields[3] ?? ''))
      .map((fields) => `${protocol} ${fields[1]}`),
  )
}

/** TCP state 0A is LISTEN; UDP state 07 is a socket that takes from anybody. */
function isOpen(protocol: string, state: string): boolean {
  return state === (protocol.startsWith('tcp') ? '0A' : '07')
}

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readLinkOrEmpty(`/proc/${pid}/fd/${fd}`))?.[1]
      return inode === undefined ? [] : [inode]
    })
  } catch {
    // It ended meanwhile.
    return []
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function readLinkOrEmpty(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}
