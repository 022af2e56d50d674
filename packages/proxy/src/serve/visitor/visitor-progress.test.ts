import { expect, it } from 'vitest'
import { VisitorProgress } from './visitor-progress.ts'

it('is silent while no byte moves, either way', () => {
  const socket = { bytesRead: 0, bytesWritten: 0, writableLength: 0 }
  const progress = new VisitorProgress(socket)
  expect(progress.silentMs(1_000)).toBe(0)
  expect(progress.silentMs(61_000)).toBe(60_000)
  socket.bytesRead = 1
  expect(progress.silentMs(62_000)).toBe(0)
  socket.bytesWritten = 1
  expect(progress.silentMs(63_000)).toBe(0)
  expect(progress.silentMs(64_000)).toBe(1_000)
})

it('is stalled while something waits and none of it is taken', () => {
  const socket = { bytesRead: 0, bytesWritten: 100, writableLength: 0 }
  const progress = new VisitorProgress(socket)
  expect(progress.stalledMs(1_000)).toBe(0)
  // An idle event stream is not stalled.
  expect(progress.stalledMs(90_000)).toBe(0)
  socket.bytesWritten = 300
  socket.writableLength = 200
  expect(progress.stalledMs(100_000)).toBe(10_000)
  // More is written, nothing is taken.
  socket.bytesWritten = 400
  socket.writableLength = 300
  expect(progress.stalledMs(150_000)).toBe(60_000)
  socket.writableLength = 299
  expect(progress.stalledMs(151_000)).toBe(0)
})
