import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommandLines, parseNetstat, parseTasklist } from './parse-netstat.ts'

const recorded = [
  '',
  'Active Connections',
  '',
  '  Proto  Local Address          Foreign Address        State           PID',
  '  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1044',
  '  TCP    127.0.0.1:3000         0.0.0.0:0              LISTENING       20968',
  '  TCP    127.0.0.1:3000         127.0.0.1:52114        ESTABLISHED     20968',
  '  TCP    [::]:135               [::]:0                 LISTENING       1044',
  '  TCP    [::1]:5173             [::]:0                 LISTENING       8816',
  '  TCP    [fe80::1%12]:8080      [::]:0                 LISTENING       8816',
  '  UDP    0.0.0.0:5353           *:*                                    2284',
  '',
].join('\r\n')

const german = '  TCP    127.0.0.1:3000         0.0.0.0:0              ABHÖREN         20968\r\n'
const french = '  TCP    127.0.0.1:3000         0.0.0.0:0              À L’ÉCOUTE      20968\r\n'

describe('parseNetstat', () => {
  it('reads the listening sockets, and no other', () => {
    expect(parseNetstat(recorded)).toEqual([
      { address: '0.0.0.0', port: 135, pid: 1044 },
      { address: '127.0.0.1', port: 3000, pid: 20_968 },
      { address: '::', port: 135, pid: 1044 },
      { address: '::1', port: 5173, pid: 8816 },
      { address: 'fe80::1%12', port: 8080, pid: 8816 },
    ])
  })

  it.each([german, french])('needs no English: %s', (text) => {
    expect(parseNetstat(text)).toEqual([{ address: '127.0.0.1', port: 3000, pid: 20_968 }])
  })

  it('reads back every row', () => {
    const port = fc.integer({ min: 1, max: 65_535 })
    fc.assert(
      fc.property(fc.ipV4(), port, fc.nat(), (address, port, pid) => {
        const row = `  TCP    ${`${address}:${port}`.padEnd(22)} 0.0.0.0:0              LISTENING       ${pid}\r\n`
        expect(parseNetstat(row)).toEqual([{ address, port, pid }])
      }),
    )
  })

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseNetstat(text)).toEqual([])
      }),
    )
  })
})

describe('parseTasklist', () => {
  it('reads names without their ending', () => {
    const text =
      '"System Idle Process","0","Services","0","8 K"\r\n"node.exe","20968","Console","1","51,200 K"\r\n"My, App.EXE","77","Console","1","1 K"\r\n'
    expect([...parseTasklist(text)]).toEqual([
      [0, 'System Idle Process'],
      [20_968, 'node'],
      [77, 'My, App'],
    ])
  })
})

describe('parseCommandLines', () => {
  it.each([
    [
      '[{"ProcessId":7,"CommandLine":"node vite.js"},{"ProcessId":8,"CommandLine":null}]',
      [[7, 'node vite.js']],
    ],
    ['{"ProcessId":7,"CommandLine":"\\"C:\\\\node.exe\\" vite.js"}', [[7, '"C:\\node.exe" vite.js']]],
    ['', []],
    ['null', []],
    ['Get-CimInstance : Access denied', []],
  ])('reads %s', (text, expected) => {
    expect([...parseCommandLines(text)]).toEqual(expected)
  })
})
