import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  countTcpSockets,
  listProcesses,
  parseProcessStat,
  readCpuSeconds,
  readProcess,
  readResidentBytes,
  selectTree,
} from './process-tree.ts'

const tail = 'S 41 5 5 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 11 0 123456 1000 2000 18446744073709551615'

describe('parseProcessStat', () => {
  it('reads parent, CPU time and start time', () => {
    expect(parseProcessStat(`42 (node) ${tail}`)).toEqual({
      pid: 42,
      parentPid: 41,
      cpuTicks: 200,
      startTicks: 123_456,
    })
  })

  it('is not misled by brackets and blanks in the name', () => {
    expect(parseProcessStat(`42 (a) R 1 (b) ) ${tail}`)?.parentPid).toBe(41)
  })

  it('has no answer for text that is cut', () => {
    expect(parseProcessStat('42 (node) S 41')).toBeUndefined()
    expect(parseProcessStat('')).toBeUndefined()
  })
})

describe('selectTree', () => {
  it('finds descendants in any order and leaves others out', () => {
    const stat = (pid: number, parentPid: number) => ({ pid, parentPid, cpuTicks: 0, startTicks: 0 })
    const processes = [stat(4, 3), stat(3, 2), stat(2, 1), stat(9, 1)]
    expect(selectTree(processes, [2]).map(({ pid }) => pid)).toEqual([4, 3, 2])
  })
})

describe('on this machine', () => {
  it('sees this process and its growing CPU time', () => {
    expect(listProcesses().some(({ pid }) => pid === process.pid)).toBe(true)
    const before = readCpuSeconds([process.pid], 'self')
    const until = process.cpuUsage().user + 50_000
    while (process.cpuUsage().user < until) Math.sqrt(Math.random())
    expect(readCpuSeconds([process.pid], 'tree')).toBeGreaterThan(before)
  })

  it('counts TCP sockets', async () => {
    const before = countTcpSockets(process.pid)
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    expect(countTcpSockets(process.pid)).toBe(before + 1)
    server.close()
    await once(server, 'close')
    expect(countTcpSockets(process.pid)).toBe(before)
  })

  it('reads resident memory', () => {
    expect(readResidentBytes(process.pid)).toBeGreaterThan(1024 ** 2)
  })

  it('takes a pid that cannot exist for ended', () => {
    expect(readProcess(2 ** 30)).toBeUndefined()
    expect(readResidentBytes(2 ** 30)).toBe(0)
    expect(countTcpSockets(2 ** 30)).toBe(0)
  })
})
