import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLsof, parsePs } from './parse-lsof.ts'

const recorded = `p501
cControlCenter
f9
tIPv4
n*:7000
f10
tIPv6
n*:7000
p4711
cnode
f23
tIPv6
n[::1]:5173
p4980
cGoogle\\x20Chrome\\x20Helper\\x20\\xc3\\xa9
f31
tIPv4
n127.0.0.1:9222
f32
tIPv4
n192.168.1.20:8000
`

describe('parseLsof', () => {
  it('reads who listens where', () => {
    const { sockets, names } = parseLsof(recorded)
    expect(sockets).toEqual([
      { address: '0.0.0.0', port: 7000, pid: 501 },
      { address: '::', port: 7000, pid: 501 },
      { address: '::1', port: 5173, pid: 4711 },
      { address: '127.0.0.1', port: 9222, pid: 4980 },
      { address: '192.168.1.20', port: 8000, pid: 4980 },
    ])
    expect([...names]).toEqual([
      [501, 'ControlCenter'],
      [4711, 'node'],
      [4980, 'Google Chrome Helper é'],
    ])
  })

  it('reads back every listing, in any order of processes', () => {
    const socket = fc.record({
      address: fc.constantFrom('127.0.0.1', '10.0.0.7', '::1', 'fe80::1'),
      port: fc.integer({ min: 1, max: 65_535 }),
    })
    const listing = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 1, max: 99_999 }), fc.array(socket, { minLength: 1, maxLength: 4 })),
      { selector: ([pid]) => pid },
    )
    fc.assert(
      fc.property(listing, (processes) => {
        const text = processes.flatMap(([pid, sockets]) => [
          `p${pid}`,
          'cnode',
          ...sockets.flatMap(({ address, port }, at) => [
            `f${at}`,
            address.includes(':') ? 'tIPv6' : 'tIPv4',
            `n${address.includes(':') ? `[${address}]` : address}:${port}`,
          ]),
        ])
        const expected = processes.flatMap(([pid, sockets]) => sockets.map((one) => ({ ...one, pid })))
        expect(parseLsof(text.join('\n')).sockets).toEqual(expected)
      }),
    )
  })

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const { port } of parseLsof(text).sockets) expect(port).toBeGreaterThan(0)
      }),
    )
    expect(parseLsof('p1\ncx\nf1\ntIPv4\nn*:99999\nn*:0\nn127.0.0.1:80->10.0.0.1:5\n').sockets).toEqual([])
  })
})

describe('parsePs', () => {
  it('reads command lines with their spaces', () => {
    const text =
      '  501 /System/Library/CoreServices/ControlCenter.app\n 4711 node /app/node_modules/.bin/vite --port 5173\n\n'
    expect([...parsePs(text)]).toEqual([
      [501, '/System/Library/CoreServices/ControlCenter.app'],
      [4711, 'node /app/node_modules/.bin/vite --port 5173'],
    ])
  })
})
