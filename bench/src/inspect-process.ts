import { setTimeout as delay } from 'node:timers/promises'
import type { Child } from './processes.ts'

/** For the command line of a Node that `inspectProcess` is asked about; it costs nothing while nobody asks. */
export const inspectArgs = ['--inspect=127.0.0.1:0'] as const

export interface ProcessInside {
  /** Bytes that are alive: the heap after a full collection, and buffers outside of it. */
  readonly liveBytes: number
  readonly residentBytes: number
  /** What keeps the event loop busy, by kind: sockets, timers, servers … */
  readonly resources: Readonly<Record<string, number>>
}

const expression = `(() => {
  const { heapUsed, external, rss } = process.memoryUsage()
  return JSON.stringify({ liveBytes: heapUsed + external, residentBytes: rss, resources: process.getActiveResourcesInfo() })
})()`

/** Looks into a process that was started with `inspectArgs`, by its inspector: collects garbage, then reads. */
export async function inspectProcess(child: Child): Promise<ProcessInside> {
  const url = /ws:\/\/[\w.:/-]+/.exec(child.output())?.[0]
  if (url === undefined) throw new Error(`${child.name} has no inspector`)
  const ask = await connect(url)
  try {
    // The second one finds what finalizers of the first let go.
    for (let turn = 0; turn < 2; turn += 1) {
      await ask('HeapProfiler.collectGarbage')
      await delay(50)
    }
    const { result } = (await ask('Runtime.evaluate', { expression })) as { result: { value: string } }
    const inside = JSON.parse(result.value) as Omit<ProcessInside, 'resources'> & { resources: string[] }
    return { ...inside, resources: countEach(inside.resources) }
  } finally {
    ask.close()
  }
}

type Ask = ((method: string, params?: object) => Promise<unknown>) & { close(): void }

async function connect(url: string): Promise<Ask> {
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('the inspector does not answer')))
  })
  const waiting = new Map<number, (result: unknown) => void>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown }
    if (id !== undefined) waiting.get(id)?.(result)
  })
  let lastId = 0
  const ask = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve) => {
      lastId += 1
      waiting.set(lastId, resolve)
      socket.send(JSON.stringify({ id: lastId, method, params }))
    })
  return Object.assign(ask, { close: () => socket.close() })
}

function countEach(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
