import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readHubSecrets, removePreviousSecret, replaceGeneratedSecret } from './hub-secret.ts'

describe('readHubSecrets', () => {
  let folder = ''
  const env = () => ({ HUB_SECRET: undefined, HUB_SECRET_PREVIOUS: undefined, dataDir: join(folder, 'data') })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-secret-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('generates one secret, for several starts at once too, that only its owner may read', async () => {
    const secrets = await Promise.all(Array.from({ length: 10 }, async () => readHubSecrets(env())))
    expect(new Set(secrets.map(({ current }) => current)).size).toBe(1)
    expect(secrets[0]?.current).toMatch(/^[0-9a-f]{64}$/)
    expect(readdirSync(join(folder, 'data'))).toEqual(['hub-secret'])
    expect(statSync(join(folder, 'data', 'hub-secret')).mode & 0o777).toBe(0o600)
  })

  it('refuses a file that others may read', async () => {
    await readHubSecrets(env())
    chmodSync(join(folder, 'data', 'hub-secret'), 0o644)
    await expect(readHubSecrets(env())).rejects.toThrow(/chmod 600/)
  })

  it('takes HUB_SECRET before the file', async () => {
    expect(await readHubSecrets({ ...env(), HUB_SECRET: 'given' })).toEqual({
      current: 'given',
      previous: null,
    })
  })

  it('keeps the previous secret beside a new one until nothing needs it, wherever it was cut off', async () => {
    const { current: first } = await readHubSecrets(env())
    await replaceGeneratedSecret(env())
    const rotated = await readHubSecrets(env())
    expect(rotated.previous).toBe(first)
    expect(rotated.current).not.toBe(first)
    // Again, as after a crash: still the same two.
    await replaceGeneratedSecret(env())
    expect(await readHubSecrets(env())).toEqual(rotated)
    // Between the two steps: only the previous one is there.
    rmSync(join(folder, 'data', 'hub-secret'))
    expect((await readHubSecrets(env())).previous).toBe(first)
    expect(statSync(join(folder, 'data', 'hub-secret.previous')).mode & 0o777).toBe(0o600)
    await removePreviousSecret(env())
    expect((await readHubSecrets(env())).previous).toBeNull()
  })
})
