import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClusterFolder } from './cluster-folder.ts'
import { hasErrnoCode } from './embedded-error.ts'
import { isAlive } from './is-alive.ts'

/** Where a server listens. */
export interface ListenAddress {
  readonly port: number
  /** The folder of its Unix socket, or null where it listens on 127.0.0.1. */
  readonly socketDir: string | null
}

/** What a running server says of itself in postmaster.pid. */
export interface Postmaster extends ListenAddress {
  readonly pid: number
}

/**
 * The server of this data folder, or null. After a `kill -9` the file outlives the server, and its process id may
 * belong to anyone by now (in containers it often does): PostgreSQL would refuse to start, so that file is removed.
 * When no process has the id, PostgreSQL replaces the file by itself.
 */
export async function findPostmaster(folder: ClusterFolder): Promise<Postmaster | null> {
  const path = join(folder.data, 'postmaster.pid')
  const text = await readLockFile(path)
  const postmaster = parseLockFile(text)
  if (postmaster === null || !isAlive(postmaster.pid)) return null
  if (isServerOf(folder, postmaster.pid)) return postmaster
  // Read again: a server that another hub started in this moment has written its own.
  if ((await readLockFile(path)) === text) await rm(path, { force: true })
  return null
}

async function readLockFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasErrnoCode(error, 'ENOENT')) return ''
    throw error
  }
}

/** Lines: pid, data folder, start time, port, socket folder, listen address, shared memory, state. */
function parseLockFile(text: string): Postmaster | null {
  const lines = text.split('\n').map((line) => line.trim())
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  return { pid, port: Number(lines[3] ?? 0) || 5432, socketDir: lines[4] || null }
}

function isServerOf(folder: ClusterFolder, pid: number): boolean {
  const commandLine = readCommandLine(pid)
  return commandLine === null || commandLine.includes(folder.data)
}

/** The arguments of a process, '' when there is none, null when this system does not tell. */
function readCommandLine(pid: number): string | null {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    if (process.platform === 'win32') return null
    return execFileSync('/bin/ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    // It has ended: ps exits 1, and the file in /proc is gone.
    return ''
  }
}
