import { setTimeout as delay } from 'node:timers/promises'
import { request } from 'undici'
import { readClockMs } from './clock.ts'

// A program of its own: a visitor who asks for a small answer every 5 ms or so, until SIGTERM; then it prints when
// each was asked for and how long it took, in ms. `<URL>`
const taken: [number, number][] = []
const state = { isOver: false }
process.once('SIGTERM', () => (state.isOver = true))
while (!state.isOver) {
  const startMs = readClockMs()
  const { body } = await request(process.argv[2] ?? '')
  await body.text()
  taken.push([startMs, readClockMs() - startMs])
  if (taken.length === 1) console.log('ready')
  await delay(5)
}
console.log(JSON.stringify(taken))
