// Guarantee (SPEC §4, RFC 8628): of all who decide on a device's code one does, once; the session belongs to whoever approved
// it, is named after the device, and a poll that comes too soon takes nothing from the one that comes in time.
import { beforeEach, describe, expect, it } from 'vitest'
import { hashToken } from '../src/index.ts'
import { anonymous, createTestApi, type Caller } from './kit/test-api.ts'
import { createTenant, type Tenant } from './kit/tenant.ts'

interface Code {
  readonly deviceCode: string
  readonly userCode: string
}

const api = await createTestApi()
let owner: Tenant
let stranger: Tenant

beforeEach(async () => {
  ;[owner, stranger] = [await createTenant(api), await createTenant(api)]
})

const codeOf = ({ body }: { body: unknown }) => (body as { code?: string }).code
const createCode = async (clientName: unknown = 'laptop') =>
  (await api.call(anonymous, 'devices.code', { clientName })).body as Code
const decide = ({ userCode }: Code, decision: unknown, caller: Caller = owner.session) =>
  api.call(caller, 'devices.verify', { userCode, decision })
const pollNow = ({ deviceCode }: Code) => api.call(anonymous, 'devices.token', { deviceCode })
const rowOf = ({ deviceCode }: Code) => ({ where: { deviceCodeHash: hashToken(deviceCode) } })
/** A poll as if the interval had passed. */
async function poll(code: Code) {
  await api.db.client.deviceCode.updateMany({ ...rowOf(code), data: { lastPolledAt: null } })
  return pollNow(code)
}

describe('a decision', () => {
  it('is made by one of twenty at once, of two users', async () => {
    const code = await createCode()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        decide(code, 'approve', index % 2 === 0 ? owner.session : stranger.session),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter((answer) => codeOf(answer) === 'device.code_not_found')).toHaveLength(19)
    const approvals = await api.db.client.auditEntry.count({
      where: { action: 'device.approved', workspaceId: { in: [owner.workspaceId, stranger.workspaceId] } },
    })
    expect(approvals).toBe(1)
  })

  it('stands: a no is not made a yes, nor a yes a no', async () => {
    for (const [first, second, answer] of [
      ['deny', 'approve', 'device.denied'],
      ['approve', 'deny', undefined],
    ] as const) {
      const code = await createCode()
      expect((await decide(code, first)).status).toBe(200)
      expect(codeOf(await decide(code, second))).toBe('device.code_not_found')
      expect(codeOf(await poll(code))).toBe(answer)
    }
  })

  it('gives the session to who made it, and names the device in the audit log', async () => {
    const code = await createCode('CI runner')
    await decide(code, 'approve', stranger.session)
    const { body } = await poll(code)
    expect(body).toMatchObject({
      user: { id: stranger.userId },
      workspace: { id: stranger.workspaceId },
    })
    const rows = await api.db.client.auditEntry.findMany({
      where: { workspaceId: stranger.workspaceId },
      orderBy: { seq: 'asc' },
    })
    expect(rows).toMatchObject([
      { action: 'device.approved', details: { clientName: 'CI runner', deviceAddress: '203.0.113.9' } },
      { action: 'session.created', details: { clientName: 'CI runner', kind: 'device' } },
    ])
    expect(await api.db.client.auditEntry.count({ where: { workspaceId: owner.workspaceId } })).toBe(0)
  })

  it('of no is in the audit log too, and makes no session', async () => {
    const code = await createCode()
    const before = await api.db.client.session.count()
    await decide(code, 'deny')
    expect(codeOf(await poll(code))).toBe('device.denied')
    const rows = await api.db.client.auditEntry.findMany({ where: { workspaceId: owner.workspaceId } })
    expect(rows.map(({ action }) => action)).toEqual(['device.denied'])
    expect(await api.db.client.session.count()).toBe(before)
  })

  it.each(['yes', '', null, true])('is approve or deny, not %j', async (decision) => {
    const code = await createCode()
    const { status, body } = await decide(code, decision)
    expect([status, body]).toMatchObject([400, { issues: [{ path: 'decision' }] }])
    expect(codeOf(await poll(code))).toBe('device.authorization_pending')
  })
})

describe('a poll', () => {
  it('that comes too soon after the approval takes nothing from the next', async () => {
    const code = await createCode()
    await pollNow(code)
    await decide(code, 'approve')
    expect(codeOf(await pollNow(code))).toBe('device.slow_down')
    expect((await poll(code)).status).toBe(200)
  })

  it('that comes too soon waits five seconds longer each time', async () => {
    const code = await createCode()
    for (const seconds of [5, 10, 15]) {
      await pollNow(code)
      expect(await api.db.client.deviceCode.findFirst(rowOf(code))).toMatchObject({
        intervalSeconds: seconds,
      })
    }
  })

  it('with a user’s code or another device’s code learns nothing', async () => {
    const [code, other] = [await createCode(), await createCode()]
    await decide(code, 'approve')
    expect(codeOf(await pollNow({ ...code, deviceCode: code.userCode }))).toBe('device.code_expired')
    expect(codeOf(await poll(other))).toBe('device.authorization_pending')
    expect((await poll(code)).status).toBe(200)
  })

  it('of a device whose user has lost the workspace meanwhile lets nobody in', async () => {
    const code = await createCode()
    await decide(code, 'approve')
    await api.db.client.membership.deleteMany({ where: { userId: owner.userId } })
    const { status, body } = await poll(code)
    expect([status, body]).toMatchObject([400, { code: 'device.denied' }])
    expect(JSON.stringify(body)).not.toContain('sess_')
  })
})

it.each<unknown>(['', ' ', 'two\nlines', '\u001b[31mred', 'x'.repeat(101), 5, null])(
  'a device whose name is %j gets no code',
  async (clientName) => {
    const { status, body } = await api.call(anonymous, 'devices.code', { clientName })
    expect([status, body]).toMatchObject([400, { issues: [{ path: 'clientName' }] }])
  },
)
