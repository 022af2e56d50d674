import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatherListeners, joinProcesses } from './listener.ts'

const processes = joinProcesses(
  new Map([
    [1, 'node'],
    [2, 'ControlCenter'],
  ]),
  new Map([[1, 'node vite']]),
)

describe('gatherListeners', () => {
  it('joins IPv4 and IPv6 of one port', () => {
    const sockets = [
      { address: '::', port: 8080, pid: 1 },
      { address: '0.0.0.0', port: 8080, pid: 1 },
    ]
    expect(gatherListeners(sockets, processes)).toEqual([
      { port: 8080, hosts: ['127.0.0.1'], pid: 1, processName: 'node', commandLine: 'node vite' },
    ])
  })

  it('prefers whom a connection to 127.0.0.1 reaches', () => {
    const sockets = [
      { address: '0.0.0.0', port: 5000, pid: 2 },
      { address: '::', port: 5000, pid: 2 },
      { address: '127.0.0.1', port: 5000, pid: 1 },
    ]
    expect(gatherListeners(sockets, processes)[0]?.processName).toBe('node')
  })

  it('dials IPv6 where only that listens', () => {
    expect(gatherListeners([{ address: '::1', port: 1, pid: null }], processes)).toEqual([
      { port: 1, hosts: ['::1'], pid: null, processName: null, commandLine: '' },
    ])
    expect(gatherListeners([{ address: '::', port: 1, pid: 9 }], processes)[0]?.hosts).toEqual([
      '127.0.0.1',
      '::1',
    ])
  })

  it('lists each port once, in order, whatever the table says', () => {
    const socket = fc.record({
      address: fc.constantFrom('127.0.0.1', '0.0.0.0', '::', '::1', '127.0.0.53', '192.168.1.5', 'fe80::1'),
      port: fc.integer({ min: 1, max: 40 }),
      pid: fc.option(fc.constantFrom(1, 2, 3)),
    })
    fc.assert(
      fc.property(fc.array(socket), (sockets) => {
        const inner = sockets.filter(({ address }) => /^(127\.0\.0\.1|0\.0\.0\.0|::1?)$/.test(address))
        const expected = [...new Set(inner.map(({ port }) => port))].sort((a, b) => a - b)
        expect(gatherListeners(sockets, processes).map(({ port }) => port)).toEqual(expected)
      }),
    )
  })
})
