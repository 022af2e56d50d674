import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startEmbeddedPostgres } from '../src/embedded/index.ts'
import { createDb } from '../src/index.ts'
import { killServer, makeDataDir, readServerPid } from './kit/data-dir.ts'
import { startHubProcess } from './kit/hub-process.ts'

// Guarantee (REL-03): a share whose creation was acknowledged is there after kill -9 of the hub, and of hub and
// server together, at any moment; a share is there whole, with its link, or not at all.

const rounds = 10

it(`no acknowledged share is lost in ${rounds} kills at random moments`, { timeout: 180_000 }, async () => {
  const seed = randomInt(2 ** 31)
  process.stdout.write(`acknowledged-shares-survive-kill: seed ${seed}\n`)
  const random = mulberry32(seed)
  const dataDir = await makeDataDir()
  const acknowledged = new Set<string>()
  for (let round = 0; round < rounds; round += 1) {
    const hub = startHubProcess(dataDir, 'write')
    await hub.waitForLine('share')
    await sleep(random() * 300)
    const pid = await readServerPid(dataDir)
    // Every second time the server goes first, in the middle of its commits.
    if (round % 2 === 1) await killServer(pid)
    await hub.kill()
    for (const line of hub.lines) if (line.startsWith('share ')) acknowledged.add(line.slice(6))
  }
  const postgres = await startEmbeddedPostgres({ dataDir, log: { info: () => {}, warn: () => {} } })
  const db = await createDb({ url: postgres.url })
  const shares = await db.client.share.findMany({ select: { id: true, links: { select: { id: true } } } })
  const stored = new Set(shares.map(({ id }) => id))
  const lost = [...acknowledged].filter((id) => !stored.has(id))
  await db.close()
  await postgres.stop()
  process.stdout.write(`acknowledged ${acknowledged.size}, stored ${stored.size}, lost ${lost.length}\n`)
  expect(acknowledged.size).toBeGreaterThan(rounds)
  expect(lost).toEqual([])
  expect(shares.every(({ links }) => links.length === 1)).toBe(true)
})

/** A small generator of numbers in [0, 1) that a seed repeats. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
