import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseProcNet, readHexAddress } from './parse-proc-net.ts'

const recorded4 = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:902B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 23892373 1 000000008f49b6a4 100 0 0 10 0
   1: 3500007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 18113 1 0000000000000000 100 0 0 10 5
  12: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 77120 1 0000000000000000 100 0 0 10 0
  13: 0100007F:0BB8 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 77121 1 0000000000000000 20 4 30 10 -1
`
const recorded6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:1435 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 90001 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 90002 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:2382 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 90003 1 0000000000000000 100 0 0 10 0
   3: 000080FE00000000FF565002BD69B1FE:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 90004 1 0000000000000000 100 0 0 10 0
`

describe('parseProcNet', () => {
  it('reads the listening sockets of IPv4', () => {
    expect(parseProcNet(recorded4)).toEqual([
      { address: '127.0.0.1', port: 36_907, inode: '23892373' },
      { address: '127.0.0.53', port: 53, inode: '18113' },
      { address: '0.0.0.0', port: 3000, inode: '77120' },
    ])
  })

  it('reads those of IPv6, and IPv4 in it', () => {
    expect(parseProcNet(recorded6)).toEqual([
      { address: '::1', port: 5173, inode: '90001' },
      { address: '::', port: 8080, inode: '90002' },
      { address: '127.0.0.1', port: 9090, inode: '90003' },
      { address: 'fe80:0:0:0:250:56ff:feb1:69bd', port: 80, inode: '90004' },
    ])
  })

  it('reads back every row that a kernel can print', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
    fc.assert(
      fc.property(octets, fc.integer({ min: 1, max: 65_535 }), fc.nat(), (address, port, inode) => {
        const hex = (value: number, width: number) => value.toString(16).toUpperCase().padStart(width, '0')
        const words = address.toReversed().map((octet) => hex(octet, 2))
        const row = `   7: ${words.join('')}:${hex(port, 4)} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0`
        expect(parseProcNet(row)).toEqual([{ address: address.join('.'), port, inode: String(inode) }])
      }),
    )
  })

  it('skips whatever is not such a row', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseProcNet(text)).toEqual([])
      }),
    )
  })
})

describe('readHexAddress', () => {
  it('prints 16 bytes as groups', () => {
    expect(readHexAddress('B80D0120000000000000000001000000')).toBe('2001:db8:0:0:0:0:0:1')
  })
})
