import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** One process of /proc at one moment. */
export interface ProcessStat {
  readonly pid: number
  readonly parentPid: number
  readonly cpuTicks: number
  /** Tells a process from a later one that got the same pid. */
  readonly startTicks: number
}

/** Linux reports CPU time in these, whatever the kernel's own timer frequency is. */
const ticksPerSecond = 100

/** Parses /proc/<pid>/stat. The command name stands in brackets and may itself contain brackets and blanks. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const nameEnd = text.lastIndexOf(')')
  const pid = Number.parseInt(text, 10)
  const fields = text
    .slice(nameEnd + 2)
    .split(' ')
    .map(Number)
  // proc(5) numbers fields from 1; the first one behind the name is the third (state).
  const [parentPid, userTicks, systemTicks, startTicks] = [4, 14, 15, 22].map((field) => fields[field - 3])
  if (nameEnd < 0 || parentPid === undefined || userTicks === undefined) return undefined
  if (systemTicks === undefined || startTicks === undefined) return undefined
  return { pid, parentPid, cpuTicks: userTicks + systemTicks, startTicks }
}

/** Every process of the machine that can be read. */
export function listProcesses(): ProcessStat[] {
  const processes: ProcessStat[] = []
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = readProcess(Number(name))
    if (stat) processes.push(stat)
  }
  return processes
}

/** The process, or undefined when it has ended. */
export function readProcess(pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return undefined // it ended: the only way in which a readable /proc entry goes away
  }
}

/** The given processes and everything below them. */
export function selectTree(processes: readonly ProcessStat[], rootPids: readonly number[]): ProcessStat[] {
  const selected = new Set(rootPids)
  let before = -1
  while (selected.size !== before) {
    before = selected.size
    for (const stat of processes) if (selected.has(stat.parentPid)) selected.add(stat.pid)
  }
  return processes.filter((stat) => selected.has(stat.pid))
}

/** CPU seconds that processes used so far, with those that they started. */
export function readCpuSeconds(rootPids: readonly number[], scope: 'tree' | 'self'): number {
  const stats =
    scope === 'tree'
      ? selectTree(listProcesses(), rootPids)
      : rootPids.map((pid) => readProcess(pid)).filter((stat) => stat !== undefined)
  return stats.reduce((sum, stat) => sum + stat.cpuTicks, 0) / ticksPerSecond
}

/** Resident memory of one process in bytes, 0 when it has ended. */
export function readResidentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0 // it ended
  }
}

/** Bytes that a process passed to write(2) so far, 0 when it has ended. */
export function readWrittenBytes(pid: number): number {
  try {
    return Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1] ?? 0)
  } catch {
    return 0 // it ended
  }
}

/** Open TCP sockets of one process, 0 when it has ended. Unix sockets, as to a database, do not count. */
export function countTcpSockets(pid: number): number {
  try {
    const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listInodes(`/proc/${pid}/net/${table}`)))
    return readdirSync(`/proc/${pid}/fd`).filter((fd) => inodes.has(readSocketInode(`/proc/${pid}/fd/${fd}`)))
      .length
  } catch {
    return 0 // it ended
  }
}

/** The tenth column of proc's table of sockets, below its heading. */
function listInodes(table: string): string[] {
  const rows = readFileSync(table, 'latin1').trim().split('\n').slice(1)
  return rows.map((row) => row.trim().split(/\s+/)[9] ?? '')
}

function readSocketInode(path: string): string {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1] ?? ''
  } catch {
    return '' // closed between listing and reading
  }
}
