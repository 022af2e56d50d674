import { describe, expect, it } from 'vitest'
import {
  addEncryptionKey,
  claimIdempotencyKey,
  createDeviceCode,
  decideDeviceCode,
  findDeviceCode,
  findServiceCredentials,
  getService,
  keepIdempotentAnswer,
  listAnswersUnderOtherKeys,
  listCredentialsUnderOtherKeys,
  listEncryptionKeys,
  pollDeviceCode,
  replaceSealedCredentials,
  replaceSealedAnswer,
  retireOtherEncryptionKeys,
  setServiceCredentials,
  setServiceStatus,
  updateService,
  upsertService,
  type Db,
} from '../../src/index.ts'
import { createTenant, hashOf, inMs } from './fixtures.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))

export function describeMachines(db: () => Db): void {
  describe('changing a service', () => {
    it('changes what is given, and forgets what was checked when it leads elsewhere', async () => {
      const { workspaceId, service } = await createTenant(db())
      const ref = { workspaceId, serviceId: service.id }
      await setServiceStatus(db(), { ...ref, status: 'active', checkedAt: new Date() })
      const renamed = await updateService(db(), { ...ref, name: 'shop' })
      expect(renamed).toMatchObject({ isMoved: false, service: { name: 'shop', status: 'active' } })
      const moved = await updateService(db(), { ...ref, targetPort: 4000 })
      expect(moved).toMatchObject({
        isMoved: true,
        service: { name: 'shop', targetPort: 4000, status: 'unknown', lastCheckedAt: null },
      })
      const switched = await updateService(db(), { ...ref, allowsSelfSigned: true })
      expect(switched).toMatchObject({ isMoved: true, service: { allowsSelfSigned: true } })
      expect(await updateService(db(), ref)).toMatchObject({ isMoved: false, service: switched.service })
    })

    it('forgets the check when registering it again moves it, and only then', async () => {
      const { workspaceId, service, agent } = await createTenant(db())
      const ref = { workspaceId, serviceId: service.id }
      const { name, targetHost, protocol } = service
      const again = { workspaceId, agentId: agent.id, name, targetHost, targetPort: 3000, protocol }
      await setServiceStatus(db(), { ...ref, status: 'unreachable', checkedAt: new Date() })
      expect(await upsertService(db(), again)).toMatchObject({
        isMoved: false,
        service: { status: 'unreachable' },
      })
      const moved = await upsertService(db(), { ...again, targetPort: 3001 })
      expect(moved).toMatchObject({ isMoved: true, service: { status: 'unknown', lastCheckedAt: null } })
    })

    it('refuses a name that another service of the workspace has', async () => {
      const { workspaceId, service, agent } = await createTenant(db())
      const target = { targetHost: 'localhost', targetPort: 1, protocol: 'tcp' } as const
      await upsertService(db(), { workspaceId, agentId: agent.id, name: 'taken', ...target })
      const ref = { workspaceId, serviceId: service.id }
      await expect(updateService(db(), { ...ref, name: 'taken' })).rejects.toMatchObject({
        code: 'service.name_taken',
      })
      expect((await getService(db(), ref)).name).toBe('web')
    })
  })

  describe('kept answers and the key that they are under', () => {
    it('keep an old key from retiring until they are under the new one', async () => {
      const { workspaceId } = await createTenant(db())
      const ref = { workspaceId, key: `digest ${workspaceId}` }
      const keyIdOf = async (name: string) => {
        const fingerprint = bytes(`${name} ${workspaceId}`)
        const keys = await addEncryptionKey(db(), fingerprint)
        return keys.find((key) => Buffer.compare(key.fingerprint, fingerprint) === 0)?.id ?? ''
      }
      const [oldId, newId] = [await keyIdOf('old answers'), await keyIdOf('new answers')]
      const claim = {
        ...ref,
        operation: 'x',
        requestHash: bytes('h'),
        expiresAt: new Date(Date.now() + 60_000),
      }
      expect(await claimIdempotencyKey(db(), claim)).toBeNull()
      const before = { cipher: bytes('answer-1'), keyId: oldId }
      await keepIdempotentAnswer(db(), { ...ref, sealed: before })
      expect(await claimIdempotencyKey(db(), claim)).toMatchObject({ sealed: before })

      expect(await retireOtherEncryptionKeys(db(), newId)).toBe(false)
      const mine = async () =>
        (await listAnswersUnderOtherKeys(db(), { keyId: newId, limit: 100 })).filter(
          (one) => one.workspaceId === workspaceId,
        )
      expect(await mine()).toEqual([{ ...ref, sealed: before }])
      const sealed = { cipher: bytes('answer-2'), keyId: newId }
      await replaceSealedAnswer(db(), { ...ref, sealed, before: { ...before, cipher: bytes('x') } })
      expect(await mine()).toHaveLength(1)
      await replaceSealedAnswer(db(), { ...ref, sealed, before })
      expect(await mine()).toEqual([])
      expect(await claimIdempotencyKey(db(), claim)).toMatchObject({ sealed })

      expect(await retireOtherEncryptionKeys(db(), newId)).toBe(true)
      await expect(keepIdempotentAnswer(db(), { ...ref, sealed: before })).rejects.toMatchObject({
        code: 'hub.draining',
      })
      await db().client.idempotencyKey.deleteMany({ where: { workspaceId } })
    })
  })

  describe('credentials and the keys that they are under', () => {
    it('are stored, told apart, rotated and removed', async () => {
      const { workspaceId, service } = await createTenant(db())
      const ref = { workspaceId, serviceId: service.id }
      const readLogin = async () => {
        const found = await findServiceCredentials(db(), ref)
        return found === null ? null : { ...found, cipher: bytes(Buffer.from(found.cipher).toString()) }
      }
      const [old] = await addEncryptionKey(db(), bytes(`old ${service.id}`))
      const oldId = old?.id ?? ''
      expect(await findServiceCredentials(db(), ref)).toBeNull()
      const before = { cipher: bytes('sealed-1'), keyId: oldId }
      await setServiceCredentials(db(), { ...ref, sealed: before })
      expect((await getService(db(), ref)).hasCredentials).toBe(true)

      const keys = await addEncryptionKey(db(), bytes(`new ${service.id}`))
      expect(await addEncryptionKey(db(), bytes(`new ${service.id}`))).toEqual(keys)
      const newId = keys.at(-1)?.id ?? ''
      expect(await retireOtherEncryptionKeys(db(), newId)).toBe(false)
      const found = await listCredentialsUnderOtherKeys(db(), { keyId: newId, limit: 100 })
      expect(found).toEqual([{ serviceId: service.id, sealed: before }])
      const sealed = { cipher: bytes('sealed-2'), keyId: newId }
      // Somebody was faster: their login stays.
      await replaceSealedCredentials(db(), {
        serviceId: service.id,
        sealed,
        before: { ...before, cipher: bytes('x') },
      })
      expect(await readLogin()).toEqual(before)
      await replaceSealedCredentials(db(), { serviceId: service.id, sealed, before })
      expect(await readLogin()).toEqual(sealed)

      expect(await retireOtherEncryptionKeys(db(), newId)).toBe(true)
      expect((await listEncryptionKeys(db())).map(({ id }) => id)).toEqual([newId])
      await expect(setServiceCredentials(db(), { ...ref, sealed: before })).rejects.toMatchObject({
        code: 'hub.draining',
      })
      await setServiceCredentials(db(), { ...ref, sealed: null })
      expect((await getService(db(), ref)).hasCredentials).toBe(false)
    })

    it('have one key when many hubs start at once', async () => {
      const fingerprint = hashOf()
      const answers = await Promise.all(Array.from({ length: 8 }, () => addEncryptionKey(db(), fingerprint)))
      const ids = answers.map((keys) => keys.find((key) => fingerprint.equals(key.fingerprint))?.id)
      expect(new Set(ids).size).toBe(1)
    })
  })

  describeDeviceCodes(db)
}

function describeDeviceCodes(db: () => Db): void {
  const create = async (expiresInMs = 600_000) => {
    const code = { deviceCodeHash: hashOf(), userCodeHash: hashOf() }
    const rest = { clientName: 'private-connect', ipAddress: '::1', intervalSeconds: 5 }
    expect(await createDeviceCode(db(), { ...code, ...rest, expiresAt: inMs(expiresInMs) })).toBe(true)
    return code
  }
  const passTime = (deviceCodeHash: Buffer<ArrayBuffer>) =>
    db().client.deviceCode.update({ where: { deviceCodeHash }, data: { lastPolledAt: inMs(-3_600_000) } })

  describe('device codes', () => {
    it('wait, are approved once, and yield their holder once', async () => {
      const { userId, workspaceId } = await createTenant(db())
      const { deviceCodeHash, userCodeHash } = await create()
      expect(await findDeviceCode(db(), userCodeHash)).toMatchObject({ clientName: 'private-connect' })
      expect(await pollDeviceCode(db(), deviceCodeHash)).toEqual({ state: 'pending' })
      const decide = (isApproved: boolean) =>
        decideDeviceCode(db(), { userCodeHash, userId, workspaceId, isApproved })
      const decided = await Promise.all([decide(true), decide(true), decide(true)])
      expect(decided.filter((row) => row !== null)).toHaveLength(1)
      expect(await decide(false)).toBeNull()
      expect(await findDeviceCode(db(), userCodeHash)).toBeNull()
      await passTime(deviceCodeHash)
      const polls = await Promise.all(Array.from({ length: 10 }, () => pollDeviceCode(db(), deviceCodeHash)))
      expect(polls.filter(({ state }) => state === 'approved')).toEqual([
        { state: 'approved', clientName: 'private-connect', userId, workspaceId },
      ])
      await passTime(deviceCodeHash)
      expect(await pollDeviceCode(db(), deviceCodeHash)).toEqual({ state: 'expired' })
    })

    it('lengthen the interval of who asks too soon', async () => {
      const { deviceCodeHash } = await create()
      const states = [await pollDeviceCode(db(), deviceCodeHash), await pollDeviceCode(db(), deviceCodeHash)]
      expect(states).toEqual([{ state: 'pending' }, { state: 'too_soon' }])
      const row = await db().client.deviceCode.findUniqueOrThrow({ where: { deviceCodeHash } })
      expect(row.intervalSeconds).toBe(10)
    })

    it('can be denied, end, and are unknown otherwise', async () => {
      const { userId, workspaceId } = await createTenant(db())
      const denied = await create()
      await decideDeviceCode(db(), { ...denied, userId, workspaceId, isApproved: false })
      expect(await pollDeviceCode(db(), denied.deviceCodeHash)).toEqual({ state: 'denied' })
      const late = await create(-1)
      expect(await findDeviceCode(db(), late.userCodeHash)).toBeNull()
      expect(await decideDeviceCode(db(), { ...late, userId, workspaceId, isApproved: true })).toBeNull()
      expect(await pollDeviceCode(db(), late.deviceCodeHash)).toEqual({ state: 'expired' })
      expect(await pollDeviceCode(db(), hashOf())).toEqual({ state: 'expired' })
    })

    it('are not made twice, and those that ended a day ago are gone', async () => {
      const old = await create(-2 * 86_400_000)
      const { deviceCodeHash, userCodeHash } = await create()
      const twin = {
        deviceCodeHash: hashOf(),
        userCodeHash,
        clientName: 'x',
        ipAddress: null,
        intervalSeconds: 5,
      }
      expect(await createDeviceCode(db(), { ...twin, expiresAt: inMs(1000) })).toBe(false)
      const left = await db().client.deviceCode.findMany({
        where: { deviceCodeHash: { in: [old.deviceCodeHash, deviceCodeHash] } },
      })
      expect(left).toHaveLength(1)
    })
  })
}
