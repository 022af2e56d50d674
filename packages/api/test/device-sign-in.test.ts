// Guarantee (SPEC §3, RFC 8628): a device gets a session only when a signed-in user has approved the code that it
// shows, once, within ten minutes; nobody guesses a code, and nothing but the device learns the session.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { hashToken } from '../src/index.ts'
import { anonymous, callRest, createTestApi, findOperation } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

const api = await createTestApi()
let owner: Tenant

beforeEach(async () => {
  owner = await createTenant(api)
})

interface Code {
  readonly deviceCode: string
  readonly userCode: string
}

async function createCode(clientName = 'private-connect on laptop'): Promise<Code> {
  const { status, body } = await api.call(anonymous, 'devices.code', { clientName })
  expect(status).toBe(200)
  return body as Code
}

const verify = (userCode: string, decision?: string) =>
  api.call(owner.session, 'devices.verify', { userCode, ...(decision === undefined ? {} : { decision }) })
const codeOf = ({ body }: { body: unknown }) => (body as { code: string }).code

/** A poll as if the interval had passed. */
async function poll({ deviceCode }: Pick<Code, 'deviceCode'>) {
  await api.db.client.deviceCode.updateMany({
    where: { deviceCodeHash: hashToken(deviceCode) },
    data: { lastPolledAt: null },
  })
  return api.call(anonymous, 'devices.token', { deviceCode })
}

describe('signing a device in', () => {
  it('takes a code, an approval and a poll, and yields a session that may manage keys', async () => {
    const code = await createCode()
    expect(code).toEqual({
      deviceCode: expect.stringMatching(/^device_tok_[a-z2-7]{32}$/),
      userCode: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verificationUri: 'https://hub.example.com/device',
      verificationUriComplete: `https://hub.example.com/device#${code.userCode}`,
      expiresIn: 600,
      interval: 5,
    })
    const pending = await poll(code)
    expect([pending.status, pending.body]).toEqual([
      400,
      expect.objectContaining({ error: 'authorization_pending', code: 'device.authorization_pending' }),
    ])
    const device = {
      clientName: 'private-connect on laptop',
      ipAddress: '203.0.113.9',
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
    }
    expect((await verify(code.userCode)).body).toEqual({ success: true, device })
    expect((await poll(code)).status).toBe(400)
    // However it is typed.
    const typed = ` ${code.userCode.toLowerCase().replace('-', ' ')} `
    expect((await verify(typed, 'approve')).body).toEqual({ success: true, device })

    const { status, body, headers } = await poll(code)
    expect(status).toBe(200)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['set-cookie']).toBeUndefined()
    expect(body).toEqual({
      success: true,
      token: expect.stringMatching(/^sess_[a-z2-7]{32}$/),
      expiresAt: expect.any(String),
      user: { id: owner.userId, email: owner.email },
      workspace: expect.objectContaining({ id: owner.workspaceId }),
    })
    const { token } = body as { token: string }
    const bearer = { authorization: `Bearer ${token}` }
    expect((await api.call(bearer, 'apiKeys.create', { name: 'from-device' })).status).toBe(201)
    expect(codeOf(await poll(code))).toBe('device.code_expired')
    expect(codeOf(await verify(code.userCode, 'approve'))).toBe('device.code_not_found')
    const rows = await api.db.client.auditEntry.findMany({ where: { workspaceId: owner.workspaceId } })
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['device.approved', 'session.created']),
    )
    const stored = JSON.stringify(await api.db.client.deviceCode.findMany())
    expect(stored).not.toContain(code.deviceCode)
    expect(JSON.stringify(rows.map(({ details }) => details))).not.toContain(token)
  })

  it('of twenty polls at once gives one session', async () => {
    const code = await createCode()
    await verify(code.userCode, 'approve')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.call(anonymous, 'devices.token', { deviceCode: code.deviceCode })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const sessions = { where: { workspaceId: owner.workspaceId, userAgent: 'private-connect on laptop' } }
    expect(await api.db.client.session.count(sessions)).toBe(1)
  })

  it('slows down who asks too soon', async () => {
    const code = await createCode()
    await api.call(anonymous, 'devices.token', { deviceCode: code.deviceCode })
    const soon = await api.call(anonymous, 'devices.token', { deviceCode: code.deviceCode })
    expect(soon.body).toMatchObject({ statusCode: 400, error: 'slow_down', code: 'device.slow_down' })
  })

  it('ends with a no, and with its time', async () => {
    const denied = await createCode()
    await verify(denied.userCode, 'deny')
    expect((await poll(denied)).body).toMatchObject({ error: 'access_denied', code: 'device.denied' })
    const late = await createCode()
    await api.db.client.deviceCode.updateMany({
      where: { deviceCodeHash: hashToken(late.deviceCode) },
      data: { expiresAt: new Date(Date.now() - 1) },
    })
    expect((await poll(late)).body).toMatchObject({ error: 'expired_token', code: 'device.code_expired' })
    expect(codeOf(await verify(late.userCode, 'approve'))).toBe('device.code_not_found')
  })

  it('needs a session: neither a key nor a stranger may approve', async () => {
    const { userCode } = await createCode()
    const ask = (caller: Record<string, string>) =>
      api.call(caller, 'devices.verify', { userCode, decision: 'approve' })
    expect((await ask(anonymous)).status).toBe(401)
    expect((await ask(owner.key)).status).toBe(403)
    expect((await verify(userCode)).status).toBe(200)
  })

  it.each(['', 'x', 'device_tok_', `device_tok_${'a'.repeat(32)}`, 'sess_x', '\0'])(
    'answers %j like a code that has ended',
    async (deviceCode) => {
      expect(codeOf(await api.call(anonymous, 'devices.token', { deviceCode }))).toBe('device.code_expired')
    },
  )

  it('counts a whole /64 of IPv6 as one address', async () => {
    const { machines } = api.contextOf(anonymous).ports
    const counted = vi.spyOn(machines, 'countAttempt')
    const ipAddress = '2001:db8:7:8:9::1'
    const code = { clientName: 'private-connect on laptop' }
    await callRest(findOperation('devices.code'), { ...api.contextOf(anonymous), ipAddress }, code)
    const guess = { userCode: 'BCDF-GHJK' }
    await callRest(findOperation('devices.verify'), { ...api.contextOf(owner.session), ipAddress }, guess)
    expect(counted.mock.calls.map(([key]) => key)).toEqual([
      'device code 2001:db8:7:8',
      `device user ${owner.userId}`,
      'device address 2001:db8:7:8',
    ])
    counted.mockRestore()
  })

  it('counts every try of a user code, by user and by address, and every new code by address', async () => {
    const { machines } = api.contextOf(anonymous).ports
    const counted = vi.spyOn(machines, 'countAttempt')
    await verify('BCDF-GHJK')
    await createCode()
    expect(counted.mock.calls).toEqual([
      [`device user ${owner.userId}`, 10],
      ['device address 203.0.113.9', 10],
      ['device code 203.0.113.9', 10],
    ])
    counted.mockRestore()
  })
})
