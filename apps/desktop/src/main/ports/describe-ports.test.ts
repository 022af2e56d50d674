import { describe, expect, it } from 'vitest'
import { describePorts, needsProbe } from './describe-ports.ts'
import type { Listener } from './listener.ts'

const listener = (port: number, processName: string | null, commandLine = ''): Listener => ({
  port,
  hosts: ['127.0.0.1'],
  pid: port,
  processName,
  commandLine,
})

describe('describePorts', () => {
  it('puts what a browser opens first, then databases, then the rest; named ones before unnamed', () => {
    const listeners = [
      listener(22, 'sshd'),
      listener(3000, 'server'),
      listener(5173, 'node', 'node /app/node_modules/.bin/vite'),
      listener(5432, 'postgres'),
      listener(40_000, 'thing'),
    ]
    expect(describePorts(listeners, () => null).map(({ port }) => port)).toEqual([
      5173, 3000, 5432, 22, 40_000,
    ])
  })

  it('says where and what the port answered', () => {
    const answer = { host: '::1', text: 'HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\n\r\n' }
    expect(describePorts([listener(40_000, 'node', 'node app.js')], () => answer)).toEqual([
      { port: 40_000, host: '::1', processName: 'node', framework: 'Express', kind: 'web' },
    ])
  })
})

/** First and last of what is mostly a stranger's that a question would harm. */
const unasked = [
  [3050, 3050],
  [3308, 3310],
  [3389, 3389],
  [4222, 4222],
  [4369, 4369],
  [5222, 5223],
  [5435, 5439],
  [5671, 5671],
  [5900, 5999],
  [6000, 6063],
  [6381, 6399],
  [6432, 6432],
  [6660, 6697],
  [7687, 7687],
  [8883, 8883],
  [9100, 9107],
  [9160, 9160],
  [9300, 9300],
] as const

describe('needsProbe', () => {
  it('asks nobody who is known, and no stranger outside of the usual ports', () => {
    expect(needsProbe(listener(5432, 'postgres'))).toBe(false)
    expect(needsProbe(listener(5432, null))).toBe(false)
    expect(needsProbe(listener(40_000, null))).toBe(false)
    expect(needsProbe(listener(8080, null))).toBe(true)
    expect(needsProbe(listener(40_000, 'node', 'node app.js'))).toBe(true)
  })

  it('sends nothing to what may be a printer or a database of another user', () => {
    for (const port of unasked.flat()) expect([port, needsProbe(listener(port, null))]).toEqual([port, false])
    for (const port of [9100, 5435, 6381, 6432, 9300])
      expect([port, needsProbe(listener(port, 'node', 'node app.js'))]).toEqual([port, true])
    for (const name of ['pgbouncer', 'p910nd', 'redis-sentinel', 'epmd', 'clamd']) {
      expect([name, needsProbe(listener(40_000, name))]).toEqual([name, false])
    }
  })
})
