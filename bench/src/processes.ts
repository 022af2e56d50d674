import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { listProcesses, readProcess, selectTree } from './process-tree.ts'
import type { ProcessStat } from './process-tree.ts'

export interface ProcessSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** When the process counts as started: it accepts connections on a port, or its output matches. */
  readonly ready: { readonly port: number } | { readonly output: RegExp }
  readonly readyTimeoutMs?: number
  /** How long a SIGTERM may take before SIGKILL. */
  readonly stopTimeoutMs?: number
}

export interface Child {
  readonly name: string
  readonly pid: number
  /** Everything that it printed so far. */
  output(): string
  isRunning(): boolean
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface Processes {
  start(spec: ProcessSpec): Promise<Child>
  /** Takes over a process that a child left behind, such as a database that must survive its hub. */
  adopt(pid: number): void
  /** Ends everything that was started, newest first, and what those started. */
  stopAll(): Promise<void>
  /** The same at once and without waiting, for `process.on('exit')`. */
  killAll(): void
}

/** Starts and ends the processes of one run; each writes its output to a file in `logDir`. */
export function createProcesses(logDir: string): Processes {
  const children: Child[] = []
  const adopted: ProcessStat[] = []
  return {
    adopt: (pid) => {
      const stat = readProcess(pid)
      if (stat) adopted.push(stat)
    },
    start: async (spec) => {
      const child = launch(spec, logDir)
      children.push(child)
      await waitUntilReady(child, spec)
      return child
    },
    stopAll: async () => {
      for (const child of children.splice(0).reverse()) await child.stop()
      killAdopted(adopted)
    },
    killAll: () => {
      const rootPids = children.filter((child) => child.isRunning()).map((child) => child.pid)
      for (const stat of selectTree(listProcesses(), rootPids)) kill(stat.pid, 'SIGKILL')
      killAdopted(adopted)
    },
  }
}

function launch(spec: ProcessSpec, logDir: string): Child {
  const logFile = join(logDir, `${spec.name}.log`)
  const log = openSync(logFile, 'a')
  const child = spawn(spec.command, spec.args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...spec.env },
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
  })
  closeSync(log)
  let isRunning = true
  const ended = new Promise<void>((resolve) => {
    const onEnd = () => {
      isRunning = false
      resolve()
    }
    child.once('exit', onEnd)
    child.once('error', onEnd)
  })
  if (child.pid === undefined) throw new Error(`${spec.name}: ${spec.command} cannot be started`)
  const pid = child.pid
  return {
    name: spec.name,
    pid,
    output: () => readFileSync(logFile, 'utf8'),
    isRunning: () => isRunning,
    stop: async (signal = 'SIGTERM') => {
      // What it started is noted first: once it has ended, its own children belong to another parent.
      const tree = selectTree(listProcesses(), [pid])
      if (isRunning) kill(pid, signal)
      await Promise.race([ended, delay(spec.stopTimeoutMs ?? 5000, undefined, { ref: false })])
      for (const stat of tree) killIfSame(stat)
      await ended
    },
  }
}

/** SIGQUIT ends PostgreSQL at once with all its children and its shared memory, which SIGKILL would leave. */
function killAdopted(adopted: ProcessStat[]): void {
  for (const noted of adopted.splice(0)) killIfSame(noted, 'SIGQUIT')
}

async function waitUntilReady(child: Child, spec: ProcessSpec): Promise<void> {
  const deadlineMs = Date.now() + (spec.readyTimeoutMs ?? 10_000)
  while (Date.now() < deadlineMs) {
    if (!child.isRunning()) throw new Error(`${spec.name} ended at once: ${lastLines(child.output())}`)
    const { ready } = spec
    const isReady = 'port' in ready ? await accepts(ready.port) : ready.output.test(child.output())
    if (isReady) return
    await delay(50)
  }
  throw new Error(`${spec.name} was not ready in time: ${lastLines(child.output())}`)
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** A pid may have gone to another process since it was noted; the start time tells. */
function killIfSame(noted: ProcessStat, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (readProcess(noted.pid)?.startTicks === noted.startTicks) kill(noted.pid, signal)
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // ESRCH: it ended in the meantime
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join(' | ').slice(-600)
}
