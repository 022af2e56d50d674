import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { launchInWorld, letIn, openWorld, type DesktopWorld, type LaunchedApp } from './kit/desktop-world.ts'

/*
 * Guarantee (CASES ELE-08, ELE-16): what signs this computer in is on its disk only as the system's keyring encrypts it. Where there is
 * no keyring the app says so and writes nothing until a person chooses a file, which nobody else may read. Signing out removes it.
 * In Electron 33.2.1 with gnome-keyring, and with Chromium's store without encryption.
 */
const deadline = { timeout: 10_000, interval: 50 }
let world: DesktopWorld
let running: LaunchedApp | undefined

beforeAll(async () => {
  world = await openWorld()
})

afterEach(async () => {
  await running?.app.close()
  running = undefined
})

afterAll(() => world?.close())

interface Start {
  readonly profile: string
  readonly passwordStore: 'gnome-libsecret' | 'basic'
}

/** Starts the app, or starts it anew. */
async function start({ profile, passwordStore }: Start): Promise<LaunchedApp> {
  await running?.app.close()
  const userDataDir = join(world.folder, profile)
  running = await launchInWorld(world, { executable: inject('appExecutable'), userDataDir, passwordStore })
  return running
}

/** Every file of the app that has something to tell. */
function filesOf(profile: string): { names: string[]; secrets: string[] } {
  const folder = join(world.folder, profile)
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const texts = names.map(readOrEmpty)
  return {
    names,
    secrets: texts.flatMap((text) => text.match(/(?:sess|agent_tok|share_tok)_\w{20,}/g) ?? []),
  }
}

/** Files come and go while the app runs. */
function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

const isKept = (profile: string): boolean => existsSync(join(world.folder, profile, 'secrets.json'))

const modeOf = (...parts: string[]): string =>
  (lstatSync(join(world.folder, ...parts)).mode & 0o777).toString(8)

async function isSignedIn({ page }: LaunchedApp, expected: boolean): Promise<void> {
  await vi.waitFor(async () => {
    const reply = await page.evaluate(() => window.privateConnect.call('desktop:state'))
    expect(reply).toMatchObject({
      ok: true,
      value: { account: { kind: expected ? 'signed-in' : 'signed-out' } },
    })
  }, deadline)
}

describe('with a keyring', () => {
  const keyring = { profile: 'keyring', passwordStore: 'gnome-libsecret' } as const

  it('keeps what signs in encrypted, through a restart, until somebody signs out', async () => {
    const first = await start(keyring)
    await letIn(world, first.page)
    await isSignedIn(first, true)
    await vi.waitFor(() => expect(isKept('keyring')).toBe(true), deadline)
    expect(filesOf('keyring').names.length).toBeGreaterThan(2)
    expect(filesOf('keyring').secrets).toEqual([])
    expect(modeOf('keyring')).toBe('700')
    expect([modeOf('keyring', 'secrets.json'), modeOf('keyring', 'settings.json')]).toEqual(['600', '600'])

    const second = await start(keyring)
    await isSignedIn(second, true)
    await second.page.evaluate(() => window.privateConnect.call('account:sign-out'))
    await isSignedIn(second, false)
    await vi.waitFor(() => expect(isKept('keyring')).toBe(false), deadline)
  })
})

describe('without a keyring', () => {
  const basic = { profile: 'basic', passwordStore: 'basic' } as const

  it('warns, and writes nothing down until it may', async () => {
    const first = await start(basic)
    await first.page
      .getByText(/no keyring|not encrypt/i)
      .first()
      .waitFor()
    await letIn(world, first.page)
    await isSignedIn(first, true)
    expect(filesOf('basic').secrets).toEqual([])
    const second = await start(basic)
    await isSignedIn(second, false)
    expect(isKept('basic')).toBe(false)

    await second.page.evaluate(() => window.privateConnect.call('secrets:choose', { storage: 'plain-file' }))
    await letIn(world, second.page)
    await isSignedIn(second, true)
    await vi.waitFor(() => expect(filesOf('basic').secrets.length).toBeGreaterThan(0), deadline)
    expect(modeOf('basic', 'secrets.json')).toBe('600')
    await isSignedIn(await start(basic), true)
  })
})
