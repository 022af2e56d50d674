import { AppError } from '@private-connect/errors'
import { describe, expect, it } from 'vitest'
import { StreamTable } from './stream-table.ts'
import type { TunnelStream } from './tunnel-stream.ts'

function fakeStream(table: StreamTable, id: number): TunnelStream {
  const stream = { id, close: () => table.remove(stream) } as unknown as TunnelStream
  return stream
}

describe('the table of streams', () => {
  it('gives the hub odd ids and the agent even ones, never twice', () => {
    const hub = new StreamTable(1)
    const agent = new StreamTable(2)
    expect([hub.nextId(), hub.nextId(), agent.nextId(), agent.nextId()]).toEqual([1, 3, 2, 4])
  })

  it('takes from the peer only its own, growing ids', () => {
    const hub = new StreamTable(1)
    expect([2, 8, 8, 6, 1, 10].map((id) => hub.claimPeerId(id))).toEqual([
      true,
      true,
      false,
      false,
      false,
      true,
    ])
  })

  it('knows which ids were ever open', () => {
    const hub = new StreamTable(1)
    hub.nextId()
    hub.claimPeerId(6)
    expect([1, 3, 2, 6, 8].map((id) => hub.wasOpened(id))).toEqual([true, false, true, true, false])
  })

  it('counts both kinds apart and tells when it is empty', () => {
    const table = new StreamTable(1)
    const streams = [1, 3, 2].map((id) => fakeStream(table, id))
    for (const stream of streams) table.add(stream)
    expect([table.count, table.ownCount, table.peerCount]).toEqual([3, 2, 1])
    let empties = 0
    table.whenEmpty(() => (empties += 1))
    for (const stream of streams) {
      expect(empties).toBe(0)
      table.remove(stream)
      table.remove(stream)
    }
    expect([table.count, table.ownCount, empties]).toEqual([0, 0, 1])
  })

  it('closes all, although each removes itself meanwhile', () => {
    const table = new StreamTable(1)
    for (const id of [1, 2, 3, 4, 5]) table.add(fakeStream(table, id))
    table.closeAll(() => new AppError('tunnel.failed'))
    expect(table.count).toBe(0)
  })
})
