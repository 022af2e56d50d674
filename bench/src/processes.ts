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
  /** Ends everything that was started, newest first, and what those started. */
  stopAll(): Promise<void>
  /** The same at once and without waiting, for `process.on('exit')`. */
  killAll(): void
}

/** Starts and ends the processes of one run; each writes its output to a file in `logDir`. */
export function createProcesses(logDir: string): Processes {
  const children: Child[] = []
  return {
    start: async (spec) => {
      const child = launch(spec, logDir)
      children.push(child)
      await waitUntilReady(child, spec)
      return child
    },
    stopAll: async () => {
      for (const child of children.splice(0).reverse()) await child.stop()
    },
    killAll: () => {
      const rootPids = children.filter((child) => child.isRunning()).map((child) => child.pid)
      for (const stat of selectTree(listProcesses(), rootPids)) kill(stat.pid, 'SIGKILL')
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
function killIfSame(noted: ProcessStat): void {
  if (readProcess(noted.pid)?.startTicks === noted.startTicks) kill(noted.pid, 'SIGKILL')
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
