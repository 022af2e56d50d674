import { describe, expect, it } from 'vitest'
import { bars, judge } from './bars.ts'
import type { Sample } from './samples.ts'

const requests = (peer: string, round: number, requestsPerSecond: number): Sample => ({
  peer,
  kind: 'requests',
  round,
  values: { requestsPerSecond },
})
const bar = { title: '', ours: 'direct', peer: 'fastify-http-proxy', metric: 'requestsPerSecond' } as const
const atLeast = { ...bar, limit: { atLeast: 1.4 } }
const atMost = { ...bar, limit: { atMost: 0.7 } }

describe('judge', () => {
  it('passes on the limit itself and misses beyond it', () => {
    const base = requests('fastify-http-proxy', 1, 100)
    expect(judge(atLeast, [base, requests('direct', 1, 140)]).verdict).toBe('pass')
    expect(judge(atLeast, [base, requests('direct', 1, 139)]).verdict).toBe('miss')
    expect(judge(atMost, [base, requests('direct', 1, 70)]).verdict).toBe('pass')
    expect(judge(atMost, [base, requests('direct', 1, 71)]).verdict).toBe('miss')
  })

  it('compares within rounds', () => {
    const samples = [
      requests('direct', 1, 300),
      requests('fastify-http-proxy', 1, 200),
      requests('direct', 2, 30),
      requests('fastify-http-proxy', 2, 20),
    ]
    expect(judge(atLeast, samples)).toMatchObject({ ratio: 1.5, verdict: 'pass' })
  })

  it('is void without a peer, without us, and where they share no round', () => {
    expect(judge(atLeast, [requests('direct', 1, 140)]).verdict).toBe('void')
    expect(judge(atLeast, [requests('fastify-http-proxy', 1, 140)]).verdict).toBe('void')
    const apart = [requests('direct', 1, 140), requests('fastify-http-proxy', 2, 1)]
    expect(judge(atLeast, apart)).toMatchObject({ ratio: undefined, verdict: 'void' })
  })

  it('does not count a failed measurement', () => {
    const failed: Sample = { ...requests('direct', 1, 0), values: {}, error: 'refused' }
    expect(judge(atMost, [requests('fastify-http-proxy', 1, 100), failed]).verdict).toBe('void')
  })
})

describe('bars', () => {
  it('has each title once', () => {
    expect(new Set(bars.map(({ title }) => title)).size).toBe(bars.length)
  })
})
