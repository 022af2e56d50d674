import { setTimeout as delay } from 'node:timers/promises'
import { download, leaveEarly, upgrade, upload } from './exchanges.ts'
import type { Exchange, Visited } from './exchanges.ts'
import type { Tally } from './tally.ts'

interface Visitors {
  readonly kind: string
  readonly exchange: Exchange
  readonly count: number
  /** Between two exchanges of one visitor: the soak is about time and variety, the benchmarks are about load. */
  readonly pauseMs: number
}

/** While the hub is away a visitor tries again as people do, not as fast as connections are refused. */
const afterFailureMs = 500

const visitors: readonly Visitors[] = [
  { kind: 'small', exchange: download(1000), count: 32, pauseMs: 5 },
  { kind: 'empty', exchange: download(0), count: 2, pauseMs: 50 },
  { kind: 'download', exchange: download(10_000_000), count: 1, pauseMs: 1000 },
  { kind: 'upload', exchange: upload(5_000_000), count: 1, pauseMs: 1000 },
  { kind: 'left', exchange: leaveEarly, count: 2, pauseMs: 150 },
  { kind: 'upgraded', exchange: upgrade, count: 4, pauseMs: 100 },
]

/** Every kind of traffic that occurs, once for each share. */
export function listKinds(shareNames: readonly string[]): string[] {
  return shareNames.flatMap((share) => visitors.map(({ kind }) => `${share} ${kind}`))
}

/** Visits every share with every kind of traffic until the signal; resolves when the last exchange has ended. */
export async function runTraffic(
  shares: Readonly<Record<string, Visited>>,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  const running: Promise<void>[] = []
  for (const [share, visited] of Object.entries(shares)) {
    for (const { kind, exchange, count, pauseMs } of visitors) {
      for (let visitor = 0; visitor < count; visitor += 1) {
        running.push(
          repeat({ run: () => tally.run(`${share} ${kind}`, () => exchange(visited)), pauseMs, signal }),
        )
      }
    }
  }
  await Promise.all(running)
}

interface Repeated {
  readonly run: () => Promise<boolean>
  readonly pauseMs: number
  readonly signal: AbortSignal
}

async function repeat({ run, pauseMs, signal }: Repeated): Promise<void> {
  while (!signal.aborted) {
    const wentWell = await run()
    await delay(wentWell ? pauseMs : pauseMs + afterFailureMs)
  }
}
