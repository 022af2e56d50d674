import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readHubSecret } from './hub-secret.ts'

describe('readHubSecret', () => {
  let folder = ''
  const env = () => ({ HUB_SECRET: undefined, dataDir: join(folder, 'data') })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-secret-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('generates one secret, for several starts at once too, that only its owner may read', async () => {
    const secrets = await Promise.all(Array.from({ length: 10 }, async () => readHubSecret(env())))
    expect(new Set(secrets).size).toBe(1)
    expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(readdirSync(join(folder, 'data'))).toEqual(['hub-secret'])
    expect(statSync(join(folder, 'data', 'hub-secret')).mode & 0o777).toBe(0o600)
  })

  it('refuses a file that others may read', async () => {
    await readHubSecret(env())
    chmodSync(join(folder, 'data', 'hub-secret'), 0o644)
    await expect(readHubSecret(env())).rejects.toThrow(/chmod 600/)
  })

  it('takes HUB_SECRET before the file', async () => {
    expect(await readHubSecret({ ...env(), HUB_SECRET: 'given' })).toBe('given')
  })
})
