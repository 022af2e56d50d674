import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeyringDouble } from '../../../test/kit/keyring-double.ts'
import { openSecretVault } from './secret-vault.ts'
import { createSystemKeyring, type SafeStorage, type SystemKeyring } from './system-keyring.ts'

/** CASES ELE-08, ELE-16: nothing secret is written without a keyring but by choice; what is written is its owner's only. */
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pc-vault-'))
  file = join(folder, 'app', 'secrets.json')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = async (keyring: SystemKeyring | 'safe' | 'none') =>
  openSecretVault({ file, keyring: typeof keyring === 'string' ? createKeyringDouble(keyring) : keyring })
const onDisk = () => (existsSync(file) ? readFileSync(file, 'utf8') : '')

describe('the vault', () => {
  it('seals what it keeps where the system has a keyring', async () => {
    const vault = await open('safe')
    expect(vault).toMatchObject({ storage: 'keyring', hasKeyring: true })
    await vault.set('session', 'sess_secret')
    expect(onDisk()).not.toMatch(/sess_secret|session/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect((await open('safe')).get('session')).toBe('sess_secret')
    await vault.set('session', null)
    expect((await open('safe')).get('session')).toBeNull()
    await vault.clear()
    expect(existsSync(file)).toBe(false)
    await expect(vault.choose('plain-file')).rejects.toThrow('has a keyring')
  })

  it('writes nothing where the system has none', async () => {
    const vault = await open('none')
    await vault.set('session', 'sess_secret')
    expect(vault).toMatchObject({ storage: 'memory', hasKeyring: false })
    expect(vault.get('session')).toBe('sess_secret')
    expect(existsSync(file)).toBe(false)
    expect((await open('none')).get('session')).toBeNull()
  })

  it('writes a file by choice, and takes it away by choice', async () => {
    const vault = await open('none')
    await vault.set('session', 'sess_secret')
    await vault.choose('plain-file')
    expect(onDisk()).toContain('sess_secret')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const again = await open('none')
    expect(again.storage).toBe('plain-file')
    expect(again.get('session')).toBe('sess_secret')
    await again.choose('memory')
    expect(existsSync(file)).toBe(false)
    expect(again.get('session')).toBe('sess_secret')
  })

  it('remembers the choice of a file after clearing it, and nothing else', async () => {
    const vault = await open('none')
    await vault.choose('plain-file')
    await vault.set('session', 'sess_secret')
    await vault.clear()
    expect(onDisk()).not.toContain('sess_secret')
    expect((await open('none')).storage).toBe('plain-file')
    expect(vault.get('session')).toBeNull()
    await vault.set('links', 'later')
    expect(onDisk()).not.toContain('sess_secret')
  })

  it.each(['safe', 'none'] as const)('clears what is being written at that moment (%s)', async (keyring) => {
    const vault = await open(keyring)
    if (keyring === 'none') await vault.choose('plain-file')
    await Promise.all([vault.set('session', 'sess_secret'.repeat(100_000)), vault.clear()])
    expect((await open(keyring)).get('session')).toBeNull()
    expect(onDisk()).not.toContain('sess_secret')
  })

  it('moves clear text into a keyring that the system has got', async () => {
    const vault = await open('none')
    await vault.choose('plain-file')
    await vault.set('session', 'sess_secret')
    const moved = await open('safe')
    expect(moved.storage).toBe('keyring')
    expect(moved.get('session')).toBe('sess_secret')
    expect(onDisk()).not.toContain('sess_secret')
  })

  it('counts what it cannot open as nothing, and leaves it for a keyring that comes back', async () => {
    await (await open('safe')).set('session', 'sess_secret')
    const locked = await open('none')
    expect(locked.storage).toBe('memory')
    expect(locked.get('session')).toBeNull()
    expect((await open('safe')).get('session')).toBe('sess_secret')
    const throws = (): never => {
      throw new Error('another key')
    }
    expect((await open({ ...createKeyringDouble('safe'), decrypt: throws })).get('session')).toBeNull()
    await (await open('none')).clear()
    expect(existsSync(file)).toBe(false)
  })

  it.each(['', 'nothing', '{}', '{"version":1,"storage":"keyring","sealed":"*"}', '[]', '{"version":2}'])(
    'takes a file that holds %j for an empty one',
    async (text) => {
      await (await open('safe')).set('session', 'sess_secret')
      writeFileSync(file, text)
      expect((await open('safe')).get('session')).toBeNull()
    },
  )

  it('ends with the last of many changes', async () => {
    const vault = await open('safe')
    await Promise.all(['a', 'b', 'c', 'd'].map(async (secret) => vault.set('session', secret)))
    expect((await open('safe')).get('session')).toBe('d')
  })
})

describe('the system’s keyring', () => {
  const storage = (isAvailable: boolean, backend?: string): SafeStorage => ({
    isEncryptionAvailable: () => isAvailable,
    ...(backend === undefined ? {} : { getSelectedStorageBackend: () => backend }),
    encryptString: (text) => Buffer.from(text),
    decryptString: (sealed) => sealed.toString(),
  })

  it.each([
    ['linux', storage(true, 'gnome_libsecret'), true],
    ['linux', storage(true, 'kwallet6'), true],
    ['linux', storage(true, 'basic_text'), false],
    ['linux', storage(true, 'unknown'), false],
    ['linux', storage(true), false],
    ['linux', storage(false, 'gnome_libsecret'), false],
    ['darwin', storage(true), true],
    ['win32', storage(false), false],
  ] as const)('of %s is safe only where it encrypts', (platform, safeStorage, isSafe) => {
    expect(createSystemKeyring(safeStorage, platform).isSafe()).toBe(isSafe)
  })
})
