import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { inWorkDir, type Work } from './in-work-dir.ts'
import { readProcess } from './process-tree.ts'

// Guarantee: a bench leaves neither its folder nor a process behind, however it ends.

const sleeper = { name: 'sleep', command: 'sleep', args: ['60'], ready: { output: /^/ } }

async function startSleeper({ workDir, processes }: Work) {
  const { pid } = await processes.start(sleeper)
  expect([existsSync(workDir), readProcess(pid)]).toEqual([true, expect.anything()])
  return { workDir, pid }
}

it('ends all when the bench is done', async () => {
  const { workDir, pid } = await inWorkDir('test', startSleeper)
  expect([existsSync(workDir), readProcess(pid)]).toEqual([false, undefined])
})

it('ends all when the bench fails', async () => {
  const started: Awaited<ReturnType<typeof startSleeper>>[] = []
  const bench = inWorkDir('test', async (work) => {
    started.push(await startSleeper(work))
    throw new Error('the figure is missed')
  })
  await expect(bench).rejects.toThrow('the figure is missed')
  for (const { workDir, pid } of started)
    expect([existsSync(workDir), readProcess(pid)]).toEqual([false, undefined])
  expect(started).toHaveLength(1)
})

it('ends all on Ctrl-C, also of a bench that waits for something else', async () => {
  const program = `
    import { inWorkDir } from ${JSON.stringify(new URL('in-work-dir.ts', import.meta.url).href)}
    const sleeper = { ...${JSON.stringify(sleeper)}, ready: { output: /^/ } }
    await inWorkDir('test', async ({ workDir, processes }) => {
      const { pid } = await processes.start(sleeper)
      process.send({ workDir, pid })
      await new Promise(() => setInterval(() => {}, 1000))
    })`
  const bench = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const [{ workDir, pid }] = (await once(bench, 'message')) as [{ workDir: string; pid: number }]
  bench.kill('SIGINT')
  const [code] = await once(bench, 'exit')
  expect([code, existsSync(workDir), readProcess(pid)]).toEqual([1, false, undefined])
})
