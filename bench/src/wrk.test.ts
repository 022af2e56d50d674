import { describe, expect, it } from 'vitest'
import { parseWrk } from './wrk.ts'

const clean = `Running 4s test @ http://127.0.0.1:8080/1k
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.53ms    1.01ms  21.16ms   91.86%
    Req/Sec    43.11k     3.22k   50.20k    75.00%
  Latency Distribution
     50%    1.35ms
     75%    1.73ms
     90%    2.26ms
     99%    5.90ms
  171633 requests in 4.01s, 207.88MB read
Requests/sec:  42849.63
Transfer/sec:     51.90MB
`

const troubled = `Running 4s test @ http://127.0.0.1:8080/1k
  1 threads and 64 connections
  Latency Distribution
     50%  812.00us
     75%    1.00s
     90%    1.20s
     99%    1.02m
  100 requests in 4.01s, 207.88KB read
  Socket errors: connect 1, read 2, write 3, timeout 4
  Non-2xx or 3xx responses: 90
Requests/sec:     24.94
Transfer/sec:     51.90KB
`

describe('parseWrk', () => {
  it('reads rates and latencies', () => {
    expect(parseWrk(clean)).toEqual({
      requestsPerSecond: 42_849.63,
      requestCount: 171_633,
      p50Ms: 1.35,
      p99Ms: 5.9,
      errorCount: 0,
    })
  })

  it('converts every unit to milliseconds and adds up all errors', () => {
    const result = parseWrk(troubled)
    expect(result.p50Ms).toBeCloseTo(0.812)
    expect(result.p99Ms).toBeCloseTo(61_200)
    expect(result.errorCount).toBe(100)
  })

  it('refuses output without the figures instead of inventing zeros', () => {
    expect(() => parseWrk('unable to connect to 127.0.0.1:1 Connection refused')).toThrow('wrk did not print')
    expect(() => parseWrk(clean.replace('5.90ms', '5.90parsecs'))).toThrow('unknown duration')
  })
})
