import type { Metric, Sample } from './samples.ts'
import { valuesByRound } from './samples.ts'
import { medianRatio } from './stats.ts'

/** A figure that the product has to reach against a peer of the same run. */
export interface Bar {
  readonly title: string
  readonly ours: 'direct' | 'tunnel'
  readonly peer: string
  readonly metric: Metric
  readonly limit: { readonly atLeast: number } | { readonly atMost: number }
}

export interface BarResult {
  readonly bar: Bar
  readonly ratio: number | undefined
  readonly verdict: 'pass' | 'miss' | 'void'
}

/** What the benchmarks of the first release have to show. */
export const bars: readonly Bar[] = [
  {
    title: 'direct: requests/s of plain @fastify/http-proxy',
    ours: 'direct',
    peer: 'fastify-http-proxy',
    metric: 'requestsPerSecond',
    limit: { atLeast: 1.4 },
  },
  {
    title: 'direct: CPU per request of plain @fastify/http-proxy (all our processes)',
    ours: 'direct',
    peer: 'fastify-http-proxy',
    metric: 'totalCpuSecondsPer10k',
    limit: { atMost: 0.7 },
  },
  {
    title: 'tunnel: requests/s of the newest chisel',
    ours: 'tunnel',
    peer: 'chisel',
    metric: 'requestsPerSecond',
    limit: { atLeast: 1 },
  },
  {
    title: 'tunnel: small requests’ p99 beside a 1 GiB download, of chisel’s',
    ours: 'tunnel',
    peer: 'chisel',
    metric: 'besideP99Ms',
    limit: { atMost: 1 },
  },
  {
    title: 'tunnel: download of ssh -R',
    ours: 'tunnel',
    peer: 'ssh-R',
    metric: 'downloadMbPerS',
    limit: { atLeast: 0.7 },
  },
  {
    title: 'tunnel: upload of ssh -R',
    ours: 'tunnel',
    peer: 'ssh-R',
    metric: 'uploadMbPerS',
    limit: { atLeast: 0.7 },
  },
  {
    title: 'tunnel: download of ssh -tt -R',
    ours: 'tunnel',
    peer: 'ssh-tt-R',
    metric: 'downloadMbPerS',
    limit: { atLeast: 0.7 },
  },
  {
    title: 'tunnel: upload of ssh -tt -R',
    ours: 'tunnel',
    peer: 'ssh-tt-R',
    metric: 'uploadMbPerS',
    limit: { atLeast: 0.7 },
  },
]

/** Judges one bar; void where one side was not measured, so that an absent peer is never taken for a success. */
export function judge(bar: Bar, samples: readonly Sample[]): BarResult {
  const ours = valuesByRound(samples, bar.ours, bar.metric)
  const theirs = valuesByRound(samples, bar.peer, bar.metric)
  const ratio = medianRatio(ours, theirs)
  if (ratio === undefined) return { bar, ratio, verdict: 'void' }
  const isReached = 'atLeast' in bar.limit ? ratio >= bar.limit.atLeast : ratio <= bar.limit.atMost
  return { bar, ratio, verdict: isReached ? 'pass' : 'miss' }
}
