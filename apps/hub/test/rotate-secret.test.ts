import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiKey, createRestCaller, startHub, type Hub } from './kit/hub.ts'
import { makeTemporaryFolder, Program, repositoryRoot } from './kit/processes.ts'
import { chmodSync } from 'node:fs'

// Guarantee (TEN-08): database logins are readable with the hub's secret only; a rotation puts them under a new one,
// whenever it was cut off; with a wrong or half-replaced secret the hub refuses to start, in words.
const folder = makeTemporaryFolder()
const dataDir = join(folder.path, 'data')
const settings = { PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'error' }
const secretFile = join(dataDir, 'hub-secret')
const previousFile = `${secretFile}.previous`
let apiKey: string
let serviceId: string

const run = async (file: string) => {
  const program = new Program([join(repositoryRoot, 'apps/hub/src', file)], settings)
  const code = await program.exited
  return { code, output: program.output }
}
const rotate = () => run('rotate-secret.ts')
const hasCredentials = async (hub: Hub) => {
  const { body } = await createRestCaller(hub.url, apiKey)<{ hasCredentials: boolean }>(
    'GET',
    `/v1/services/${serviceId}`,
  )
  return body.hasCredentials
}

beforeAll(async () => {
  chmodSync(folder.path, 0o755)
  const hub = await startHub(dataDir, settings)
  apiKey = await createApiKey(hub)
  const api = createRestCaller(hub.url, apiKey)
  const target = { name: 'db', targetHost: '127.0.0.1', targetPort: 5432 }
  const made = await api<{ service: { id: string } }>('POST', '/v1/services/external', target)
  serviceId = made.body.service.id
  await api('PUT', `/v1/services/${serviceId}/credentials`, { username: 'a', password: 'canary-secret' })
  await hub.program.stop()
}, 120_000)

afterAll(() => folder.remove())

describe('rotating the secret', () => {
  it('re-encrypts what is stored, and leaves only the new secret', async () => {
    const before = readFileSync(secretFile, 'utf8')
    const { code, output } = await rotate()
    expect(output).toContain('Encrypted 1 record under the new secret.')
    expect(code).toBe(0)
    expect(readFileSync(secretFile, 'utf8')).not.toBe(before)
    expect(existsSync(previousFile)).toBe(false)
    expect(output).not.toContain(before.trim())
    const hub = await startHub(dataDir, settings)
    expect(await hasCredentials(hub)).toBe(true)
    // Beside a running hub it refuses, and changes nothing that would not be finished later.
    expect((await rotate()).code).toBe(1)
    await hub.program.stop()
  })

  it('goes on where it was cut off', async () => {
    // The attempt beside the running hub got as far as the new secret.
    expect(existsSync(previousFile)).toBe(true)
    const [current, previous] = [readFileSync(secretFile, 'utf8'), readFileSync(previousFile, 'utf8')]
    // A hub that starts in between reads both.
    const hub = await startHub(dataDir, settings)
    expect(await hasCredentials(hub)).toBe(true)
    await hub.program.stop()
    expect((await rotate()).output).toContain('Encrypted 1 record')
    expect(readFileSync(secretFile, 'utf8')).toBe(current)
    expect(existsSync(previousFile)).toBe(false)
    expect(current).not.toBe(previous)
  })

  it('is told to give the earlier secret back where it is missing, and a wrong one is refused', async () => {
    const good = readFileSync(secretFile, 'utf8')
    writeFileSync(secretFile, `${'0123456789abcdef'.repeat(4)}\n`, { mode: 0o600 })
    const wrong = await run('main.ts')
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringContaining('Restore the old one')])
    // A rotation that began, whose previous secret somebody deleted.
    writeFileSync(previousFile, good, { mode: 0o600 })
    const hub = await startHub(dataDir, settings)
    await hub.program.stop()
    rmSync(previousFile)
    const lost = await run('main.ts')
    expect([lost.code, lost.output]).toEqual([1, expect.stringContaining('HUB_SECRET_PREVIOUS')])
    writeFileSync(previousFile, good, { mode: 0o600 })
    expect((await rotate()).code).toBe(0)
  })
})
