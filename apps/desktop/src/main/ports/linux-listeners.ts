import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gatherListeners, type ListenerSource, type OwnerProcess } from './listener.ts'
import { parseProcNet, type ProcNetSocket } from './parse-proc-net.ts'

/**
 * Linux: the kernel's own tables, no program is started. Whose a socket is, is looked for once in its life, because that means
 * reading every open file of every process.
 */
export function createLinuxSource(procDir = '/proc'): ListenerSource {
  let owners = new Map<string, number | null>()

  async function findOwners(sockets: readonly ProcNetSocket[]): Promise<void> {
    const fresh = new Set(sockets.map(({ inode }) => inode).filter((inode) => !owners.has(inode)))
    owners = new Map(sockets.map(({ inode }) => [inode, owners.get(inode) ?? null]))
    if (fresh.size === 0) return
    for (const [inode, pid] of await searchOpenFiles(procDir, fresh)) owners.set(inode, pid)
  }

  async function read() {
    const sockets = await readSockets(procDir)
    await findOwners(sockets)
    const processes = await readProcesses(procDir, new Set(owners.values()))
    // A process that handed its socket on and ended: looked for anew by the next read.
    for (const [inode, pid] of owners) if (pid !== null && !processes.has(pid)) owners.delete(inode)
    const owned = sockets.map(({ address, port, inode }) => ({
      address,
      port,
      pid: owners.get(inode) ?? null,
    }))
    return gatherListeners(owned, processes)
  }

  return {
    read,
    fingerprint: async () => (await readSockets(procDir)).map(({ inode }) => inode).join(),
  }
}

async function readSockets(procDir: string): Promise<readonly ProcNetSocket[]> {
  // A kernel without IPv6 has no tcp6.
  const tables = await Promise.all(
    ['net/tcp', 'net/tcp6'].map((table) => readFile(join(procDir, table), 'latin1').catch(() => '')),
  )
  return tables.flatMap(parseProcNet)
}

async function searchOpenFiles(
  procDir: string,
  inodes: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  // Ascending, so that of several processes with one socket the first, which is mostly the parent, is named.
  const pids = (await readdir(procDir)).filter((name) => /^\d+$/.test(name)).map(Number)
  for (const pid of pids.sort((a, b) => a - b)) {
    if (found.size === inodes.size) break
    const dir = join(procDir, String(pid), 'fd')
    // Another user's process, or one that has ended: not readable.
    const files = await readdir(dir).catch(() => [])
    const links = await Promise.all(files.map((file) => readlink(join(dir, file)).catch(() => '')))
    for (const link of links) {
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1]
      if (inode !== undefined && inodes.has(inode) && !found.has(inode)) found.set(inode, pid)
    }
  }
  return found
}

async function readProcesses(
  procDir: string,
  pids: ReadonlySet<number | null>,
): Promise<ReadonlyMap<number, OwnerProcess>> {
  const processes = new Map<number, OwnerProcess>()
  for (const pid of pids) {
    const owner = pid === null ? null : await readProcess(join(procDir, String(pid))).catch(() => null)
    if (pid !== null && owner !== null) processes.set(pid, owner)
  }
  return processes
}

async function readProcess(dir: string): Promise<OwnerProcess> {
  const [comm, commandLine, executable] = await Promise.all([
    readFile(join(dir, 'comm'), 'utf8'),
    readFile(join(dir, 'cmdline'), 'utf8'),
    // Says `node` where `comm` says the name of the main thread.
    readlink(join(dir, 'exe')).catch(() => ''),
  ])
  const name = basename(executable.replace(/ \(deleted\)$/, ''))
  return {
    name: name === '' ? comm.trim() : name,
    commandLine: commandLine.replaceAll('\0', ' ').trim(),
  }
}
