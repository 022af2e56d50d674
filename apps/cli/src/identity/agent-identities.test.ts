import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AgentIdentities } from '@private-connect/sharing'
import { createAgentIdentities, isProcessAlive } from './agent-identities.ts'

const hub = 'http://127.0.0.1:7300'
const first = { agentId: 'agent_1', token: 'agent_tok_1' }
const second = { agentId: 'agent_2', token: 'agent_tok_2' }
let root: string
let configDir: string

const storeOf = (pid: number, alive: readonly number[] = []): AgentIdentities =>
  createAgentIdentities({ configDir, pid, isProcessAlive: (other) => alive.includes(other) })
const modeOf = (path: string): number => statSync(path).mode & 0o777

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pc-identity-'))
  configDir = join(root, 'config/private-connect')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('agent identities', () => {
  it('are kept for the next process, each hub its own', async () => {
    const store = storeOf(1)
    expect(await store.claim(hub)).toBeNull()
    await store.add(hub, first)
    await store.release(hub, first.agentId)
    expect(await storeOf(2).claim('https://other.example')).toBeNull()
    expect(await storeOf(2).claim(hub)).toEqual(first)
  })

  it('are used by one running process at a time, and free again when it is gone', async () => {
    await storeOf(1).add(hub, first)
    expect(await storeOf(2, [1, 2]).claim(hub)).toBeNull()
    await storeOf(2, [1, 2]).add(hub, second)
    expect(await storeOf(3, [2, 3]).claim(hub)).toEqual(first)
    expect(await storeOf(4, [2, 3, 4]).claim(hub)).toBeNull()
  })

  it('are free for a process that has the number of the one that left them', async () => {
    await storeOf(7).add(hub, first)
    expect(await storeOf(7, [7]).claim(hub)).toEqual(first)
  })

  it('are released by their holder only, and forgotten when the hub refuses them', async () => {
    await storeOf(1).add(hub, first)
    await storeOf(2, [1]).release(hub, first.agentId)
    expect(await storeOf(3, [1]).claim(hub)).toBeNull()
    await storeOf(1).forget(hub, first.agentId)
    expect(await storeOf(3).claim(hub)).toBeNull()
  })

  it('are readable by their owner only, also where the folder was wider', async () => {
    mkdirSync(configDir, { recursive: true })
    chmodSync(configDir, 0o755)
    await storeOf(1).add(hub, first)
    expect(modeOf(configDir)).toBe(0o700)
    expect(modeOf(join(configDir, 'agents.json'))).toBe(0o600)
    expect(readdirSync(configDir)).toEqual(['agents.json'])
  })

  it.each(['', '{', '[]', '{"version":2,"hubs":{}}', '{"version":1,"hubs":{"h":[{"agentId":1}]}}', '\0\0\0'])(
    'start afresh from the broken file %j, which is kept',
    async (text) => {
      mkdirSync(configDir, { recursive: true })
      writeFileSync(join(configDir, 'agents.json'), text)
      expect(await storeOf(1).claim(hub)).toBeNull()
      await storeOf(1).add(hub, first)
      const kept = readdirSync(configDir).find((name) => name.includes('unreadable'))
      expect(readFileSync(join(configDir, kept ?? ''), 'utf8')).toBe(text)
    },
  )

  it('clear away the lock of a killed process, and wait for a living one', async () => {
    mkdirSync(configDir, { recursive: true })
    const lock = join(configDir, 'agents.json.lock')
    writeFileSync(lock, 'killed')
    utimesSync(lock, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000))
    await storeOf(1).add(hub, first)
    writeFileSync(lock, 'alive')
    const waiting = storeOf(2).claim(hub)
    expect(await Promise.race([waiting, new Promise((done) => setTimeout(() => done('waits'), 200))])).toBe(
      'waits',
    )
    rmSync(lock)
    expect(await waiting).toEqual(first)
  })

  it('lose nothing to writers that run at once in many processes, and hand each one its own', async () => {
    const children = Array.from({ length: 6 }, (_unused, index) =>
      fork(new URL('../../test/kit/identity-writer.ts', import.meta.url), [configDir, hub, String(index)], {
        stdio: 'inherit',
      }),
    )
    const claims = await Promise.all(
      children.map(async (child) => {
        const [claimed] = (await once(child, 'message')) as [string]
        return claimed
      }),
    )
    expect(new Set(claims).size).toBe(6)
    const stored = JSON.parse(readFileSync(join(configDir, 'agents.json'), 'utf8')) as {
      hubs: Record<string, unknown[]>
    }
    expect(stored.hubs[hub]).toHaveLength(6)
    await Promise.all(children.map((child) => (child.send('end'), once(child, 'exit'))))
    expect(readdirSync(configDir)).toEqual(['agents.json'])
  })
})

describe('isProcessAlive', () => {
  it('knows this process, one of another user, and one that is not there', () => {
    expect(isProcessAlive(process.pid)).toBe(true)
    expect(isProcessAlive(1)).toBe(true)
    expect(isProcessAlive(2 ** 22 + 1)).toBe(false)
  })
})
