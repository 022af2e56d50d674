import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SecretVault } from '../storage/secret-vault.ts'
import { createShareLinks } from './share-links.ts'
import { authorizationOf, createStoredRecords, type Session } from './stored-records.ts'

/** What comes back from the vault is what was put there or nothing, whatever somebody wrote into it. */
function createMemoryVault(): SecretVault {
  const secrets = new Map<string, string>()
  return {
    storage: 'memory',
    hasKeyring: false,
    get: (name) => secrets.get(name) ?? null,
    set: async (name, secret) => void (secret === null ? secrets.delete(name) : secrets.set(name, secret)),
    clear: async () => secrets.clear(),
    choose: async () => undefined,
  }
}

const session: Session = {
  hubUrl: 'http://h',
  kind: 'session',
  value: 'sess_x',
  email: 'a@b',
  workspaceName: 'w',
}

describe('stored records', () => {
  it('read back what was written, and nothing after it was removed', async () => {
    const records = createStoredRecords(createMemoryVault())
    const machine = {
      hubUrl: 'http://h',
      agentId: 'agent_1',
      token: 't',
      targets: { svc_1: { host: '::1', port: 1 } },
    }
    await records.session.write(session)
    await records.machine.write(machine)
    expect(records.session.read()).toEqual(session)
    expect(records.machine.read()).toEqual(machine)
    await records.session.write(null)
    expect(records.session.read()).toBeNull()
  })

  it('take nothing else for a record', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (text) => {
        const vault = createMemoryVault()
        await vault.set('session', text)
        await vault.set('machine', text)
        const records = createStoredRecords(vault)
        expect(records.session.read()).toBeNull()
        expect(records.machine.read()).toBeNull()
      }),
    )
  })

  it('let no secret into a header that would be two', async () => {
    const vault = createMemoryVault()
    await vault.set('session', JSON.stringify({ ...session, value: 'a\r\nx: y' }))
    expect(createStoredRecords(vault).session.read()).toBeNull()
  })

  it('are sent as the hub takes them', () => {
    expect(authorizationOf(session)).toEqual({ authorization: 'Bearer sess_x' })
    expect(authorizationOf({ ...session, kind: 'api_key', value: 'k' })).toEqual({ 'x-api-key': 'k' })
  })
})

describe('links', () => {
  it('are kept until they are forgotten, the newest 500 of them', async () => {
    const links = createShareLinks(createStoredRecords(createMemoryVault()).links)
    for (let index = 0; index < 502; index += 1) await links.keep(`share_${index}`, `https://l/${index}`)
    expect(links.find('share_1')).toBeNull()
    expect(links.find('share_2')).toBe('https://l/2')
    await links.forget('share_2')
    expect(links.find('share_2')).toBeNull()
    expect(links.find('share_501')).toBe('https://l/501')
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', '/x', ''])('refuse %j', async (url) => {
    const links = createShareLinks(createStoredRecords(createMemoryVault()).links)
    await expect(links.keep('share_1', url)).rejects.toMatchObject({ name: 'Failure' })
  })
})
