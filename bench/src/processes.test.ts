import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readProcess } from './process-tree.ts'
import { createProcesses } from './processes.ts'
import type { Child, Processes } from './processes.ts'

// Guarantee: nothing that a run started outlives it, however it ends.
describe('createProcesses', () => {
  let dir: string
  let processes: Processes

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'bench-processes-'))
    processes = createProcesses(dir)
  })

  afterEach(async () => {
    await processes.stopAll()
    rmSync(dir, { recursive: true, force: true })
  })

  const startShell = (script: string): Promise<Child> =>
    processes.start({
      name: 'shell',
      command: '/bin/sh',
      args: ['-c', script],
      ready: { output: /ready (\d+)/ },
      stopTimeoutMs: 300,
    })
  const grandchildOf = (child: Child) => Number(/ready (\d+)/.exec(child.output())?.[1])

  it('ends a child with what it started', async () => {
    const child = await startShell('sleep 60 & echo ready $!; wait')
    const grandchild = grandchildOf(child)
    expect(readProcess(grandchild)).toBeDefined()
    await processes.stopAll()
    await expect.poll(() => readProcess(child.pid), { timeout: 10_000 }).toBeUndefined()
    await expect.poll(() => readProcess(grandchild), { timeout: 10_000 }).toBeUndefined()
  })

  it('does not wait for a child that ignores SIGTERM', async () => {
    const child = await startShell('trap "" TERM; sleep 60 & echo ready $!; wait; wait')
    await processes.stopAll()
    await expect.poll(() => readProcess(child.pid), { timeout: 10_000 }).toBeUndefined()
  })

  it('kills at once when the program exits', async () => {
    const child = await startShell('sleep 60 & echo ready $!; wait')
    const grandchild = grandchildOf(child)
    processes.killAll()
    await expect.poll(() => readProcess(child.pid), { timeout: 10_000 }).toBeUndefined()
    await expect.poll(() => readProcess(grandchild), { timeout: 10_000 }).toBeUndefined()
  })

  it('says what a child printed that ends instead of getting ready', async () => {
    await expect(startShell('echo no such port >&2; exit 3')).rejects.toThrow('no such port')
  })

  it('refuses a command that does not exist', async () => {
    const spec = { name: 'none', command: '/no/such/program', args: [], ready: { output: /x/ } }
    await expect(processes.start(spec)).rejects.toThrow('/no/such/program')
  })
})
