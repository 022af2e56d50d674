import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findFreePort } from './free-port.ts'
import { startHub, type RunningHub } from './hub.ts'
import { inWorkDir, type Work } from './in-work-dir.ts'
import { describeMachine } from './machine.ts'
import { readCpuSeconds } from './process-tree.ts'
import { runWrk } from './wrk.ts'

/** SPEC issue 3: control reads a second, with the limits raised. */
const readsPerSecondMin = 2000
const connections = 32

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } })
const seconds = Number(values.seconds)
if (!(seconds >= 1 && seconds <= 120)) throw new Error('--seconds takes a number from 1 to 120')

await inWorkDir('control', measure)

async function measure({ workDir, processes, signal }: Work): Promise<void> {
  const hub = await startHub({
    name: 'hub',
    processes,
    dataDir: join(workDir, 'data'),
    port: await findFreePort(),
  })
  const registered = await hub.call<{ agent: { id: string } }>('POST', '/v1/agents/register', {
    name: 'bench',
  })
  const { cores, cpuModel, loadBefore } = describeMachine()
  console.log(`${cores} cores (${cpuModel}), load ${loadBefore.toFixed(2)}, ${connections} connections`)
  console.log('| read | requests/s | p50 ms | p99 ms | hub CPU ms a request | result |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const path of ['/v1/workspace', `/v1/agents/${registered.agent.id}`, '/v1/shares']) {
    // Once for the compiler, once for the figures.
    await load(hub, path, signal)
    console.log(describe(path, await load(hub, path, signal)))
  }
}

async function load(hub: RunningHub, path: string, signal: AbortSignal) {
  const apiKey = /pc_live_\w+/.exec(hub.child.output())?.[0] ?? ''
  const before = readCpuSeconds([hub.child.pid], 'self')
  const result = await runWrk({
    url: `${hub.url}${path}`,
    headers: [`x-api-key: ${apiKey}`],
    connections,
    seconds,
    signal,
  })
  if (result.errorCount > 0) throw new Error(`${path}: ${result.errorCount} failed`)
  const cpuSeconds = readCpuSeconds([hub.child.pid], 'self') - before
  return { ...result, cpuMs: (cpuSeconds * 1000) / result.requestCount }
}

function describe(path: string, result: Awaited<ReturnType<typeof load>>): string {
  const { requestsPerSecond, p50Ms, p99Ms, cpuMs } = result
  const verdict = requestsPerSecond >= readsPerSecondMin ? 'ok' : `**miss** (${readsPerSecondMin})`
  const name = path.replace(/agent_\w+/, ':id')
  return `| ${name} | ${requestsPerSecond.toFixed(0)} | ${p50Ms} | ${p99Ms} | ${cpuMs.toFixed(2)} | ${verdict} |`
}
