// Guarantee (AUTH-03, AUTH-04, AUTH-05, AUTH-09, AUTH-10): register and login answer alike for every address, the link
// goes to the address alone, only the newest works, and it tells whose account it is before it is used up.
import { listSessions } from '@private-connect/db'
import { beforeEach, describe, expect, it } from 'vitest'
import { restOperations, type RestAnswer } from '../src/index.ts'
import { anonymous, createTestApi, hubUrl, type Caller } from './kit/test-api.ts'
import { createTenant } from './kit/tenant.ts'

const api = await createTestApi()
let serial = 0
const newEmail = (): string => `person${(serial += 1)}@example.com`

beforeEach(() => {
  api.mails.length = 0
  api.setClock(null)
})

const cookiesOf = ({ headers }: RestAnswer): string[] => [headers['set-cookie'] ?? []].flat()
const pairOf = (cookie: string | undefined): string => cookie?.split(';')[0] ?? ''
const valueless = (cookie: string): string => cookie.replace(/=[^;]*/, '=…')
const browserOf = (answer: RestAnswer): Caller => ({ cookie: pairOf(cookiesOf(answer)[0]) })
const sessionOf = (answer: RestAnswer): Caller => ({
  cookie: pairOf(cookiesOf(answer).find((cookie) => cookie.startsWith('session=sess_'))),
})

/** Asks, waits until the work behind the answer is done, and answers what was mailed too. */
async function ask(id: 'auth.login' | 'auth.register', input: Record<string, unknown>, caller = anonymous) {
  api.mails.length = 0
  const answer = await api.call(caller, id, input)
  await api.settle()
  const [mail] = api.mails
  const token = /#(magic_tok_[a-z2-7]{32})$/m.exec(mail?.text ?? '')?.[1] ?? ''
  return { answer, mail, token }
}

async function signUp(email: string, workspaceName = 'my-workspace') {
  const { token } = await ask('auth.register', { email, workspaceName })
  return api.call(anonymous, 'auth.verify', { token })
}

describe('register', () => {
  it('answers as documented, and its link makes the account', async () => {
    const email = newEmail()
    const { answer, mail, token } = await ask('auth.register', { email, workspaceName: ' my-workspace ' })
    expect([answer.status, answer.body]).toEqual([200, { success: true, message: 'Verification email sent' }])
    expect(mail).toMatchObject({ to: email, subject: expect.stringContaining('Confirm') })
    expect(mail?.text).toContain(`${hubUrl}/signin#${token}`)
    const verified = await api.call(anonymous, 'auth.verify', { token })
    expect([verified.status, verified.body]).toEqual([
      200,
      {
        success: true,
        user: { id: expect.stringMatching(/^user_/), email },
        workspace: { id: expect.stringMatching(/^ws_/), name: 'my-workspace' },
        isNewUser: true,
      },
    ])
    expect((await api.call(sessionOf(verified), 'auth.me')).body).toMatchObject({ user: { email } })
  })

  it('tells the owner of an account that there is one, and changes nothing (AUTH-05)', async () => {
    const { email, workspaceId } = await createTenant(api, 'known')
    const { answer, mail, token } = await ask('auth.register', { email, workspaceName: 'another' })
    expect(answer.body).toEqual({ success: true, message: 'Verification email sent' })
    expect(mail).toMatchObject({ to: email, subject: expect.stringContaining('already have an account') })
    const { body } = await api.call(anonymous, 'auth.verify', { token })
    expect(body).toMatchObject({
      isNewUser: false,
      workspace: { id: workspaceId, name: 'known-workspace' },
    })
  })

  it.each(['x', ' x ', 'x'.repeat(51), 'a\0b', undefined])(
    'takes a workspace name of 2 to 50 characters only, not %j',
    async (workspaceName) => {
      const { answer, mail } = await ask('auth.register', { email: newEmail(), workspaceName })
      expect([answer.status, mail]).toEqual([400, undefined])
      expect(JSON.stringify(answer.body)).toContain('"path":"workspaceName"')
    },
  )

  it('does not mail the workspace name, which anybody may fill with anything', async () => {
    const { mail } = await ask('auth.register', { email: newEmail(), workspaceName: 'Win at evil.example' })
    expect(JSON.stringify(mail)).not.toContain('evil.example')
  })

  it('of one address by 20 at once makes one account with one workspace', async () => {
    const email = newEmail()
    await Promise.all(
      Array.from({ length: 20 }, () =>
        api.call(anonymous, 'auth.register', { email, workspaceName: 'race' }),
      ),
    )
    await api.settle()
    const tokens = api.mails.map(({ text }) => /#(\S+)$/m.exec(text)?.[1] ?? '')
    const answers = await Promise.all(tokens.map((token) => api.call(anonymous, 'auth.verify', { token })))
    expect(tokens).toHaveLength(20)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('login', () => {
  it('answers as documented, and its link signs in', async () => {
    const { email, workspaceId } = await createTenant(api, 'member')
    const { answer, mail, token } = await ask('auth.login', { email: ` ${email.toUpperCase()} ` })
    expect([answer.status, answer.body]).toEqual([
      200,
      { success: true, message: 'Login link sent to your email' },
    ])
    expect(mail?.to).toBe(email)
    const { body } = await api.call(anonymous, 'auth.verify', { token })
    expect(body).toMatchObject({ isNewUser: false, user: { email }, workspace: { id: workspaceId } })
  })

  it('mails nothing to an address without an account, or whose workspace is gone, and answers alike (AUTH-04)', async () => {
    const [known, gone] = [await createTenant(api, 'present'), await createTenant(api, 'gone')]
    await api.db.client.workspace.update({
      where: { id: gone.workspaceId },
      data: { deletedAt: new Date() },
    })
    const asked = []
    for (const email of [known.email, gone.email, newEmail()]) asked.push(await ask('auth.login', { email }))
    expect(asked.map(({ mail }) => mail?.to)).toEqual([known.email, undefined, undefined])
    const shown = asked.map(({ answer }) => [
      answer.status,
      answer.body,
      Object.keys(answer.headers),
      answer.headers['cache-control'],
      cookiesOf(answer).map(valueless),
    ])
    expect(shown[1]).toEqual(shown[0])
    expect(shown[2]).toEqual(shown[0])
  })

  it('of the newest mail is the one that works (AUTH-03)', async () => {
    const { email } = await createTenant(api, 'impatient')
    const older = await ask('auth.login', { email })
    const registered = await ask('auth.register', { email, workspaceName: 'another' })
    const newest = await ask('auth.login', { email })
    for (const { token } of [older, registered]) {
      expect((await api.call(anonymous, 'auth.verify', { token })).status).toBe(401)
    }
    expect((await api.call(anonymous, 'auth.verify', { token: newest.token })).status).toBe(200)
  })

  it('ends 15 minutes after the question (AUTH-03)', async () => {
    const { email } = await createTenant(api, 'slow')
    api.setClock(Date.now() - 15 * 60_000 - 1)
    const late = await ask('auth.login', { email })
    expect((await api.call(anonymous, 'auth.verify', { token: late.token })).status).toBe(401)
    api.setClock(Date.now() - 14 * 60_000)
    const inTime = await ask('auth.login', { email })
    expect((await api.call(anonymous, 'auth.verify', { token: inTime.token })).status).toBe(200)
  })

  it('asks nobody and mails nobody for what is no address (AUTH-06)', async () => {
    for (const email of ['a@b.c\r\nBcc: x', '"x@evil.com y"@victim.com', 'a@b.c, d@e.f', 'x'.repeat(321)]) {
      const { answer, mail } = await ask('auth.login', { email })
      expect([answer.status, mail]).toEqual([400, undefined])
      expect(answer.body).toMatchObject({ code: 'request.invalid', issues: [{ path: 'email' }] })
    }
  })

  it('carries a path of the hub along, and no other place (AUTH-18)', async () => {
    const { email } = await createTenant(api, 'bound')
    const { mail, token } = await ask('auth.login', { email, redirect: '/device?code=AB-CD' })
    expect(mail?.text).toContain(`${hubUrl}/signin?redirect=%2Fdevice%3Fcode%3DAB-CD#${token}`)
    for (const redirect of ['//evil.example', '/\\evil.example', 'https:evil.example', 'javascript:1']) {
      const refused = await ask('auth.login', { email, redirect })
      expect([refused.answer.status, refused.mail]).toEqual([400, undefined])
    }
  })
})

describe('a link', () => {
  it('names its account, and knows the browser that asked, without being used up', async () => {
    const { email } = await createTenant(api, 'careful')
    const { answer, token } = await ask('auth.login', { email })
    const here = await api.call(browserOf(answer), 'auth.inspectLink', { token })
    const elsewhere = await api.call(anonymous, 'auth.inspectLink', { token })
    expect([here.status, here.body]).toEqual([200, { email, isNewAccount: false, isSameBrowser: true }])
    expect(elsewhere.body).toEqual({ email, isNewAccount: false, isSameBrowser: false })
    const another = await ask('auth.login', { email: newEmail() })
    const mixedUp = await api.call(browserOf(another.answer), 'auth.inspectLink', { token })
    expect(mixedUp.body).toMatchObject({ isSameBrowser: false })
    expect((await api.call(anonymous, 'auth.verify', { token })).status).toBe(200)
    const used = await api.call(browserOf(answer), 'auth.inspectLink', { token })
    const madeUp = await api.call(anonymous, 'auth.inspectLink', { token: 'nonsense' })
    expect([used.status, used.body]).toEqual([401, madeUp.body])
    expect(used.body).toMatchObject({ code: 'auth.link_invalid' })
  })

  it('of a new account says so', async () => {
    const email = newEmail()
    const { token } = await ask('auth.register', { email, workspaceName: 'mine' })
    const { body } = await api.call(anonymous, 'auth.inspectLink', { token })
    expect(body).toEqual({ email, isNewAccount: true, isSameBrowser: false })
  })

  it('sets a fresh secret for the browser each time, and the sign-in removes it', async () => {
    const email = newEmail()
    const first = await ask('auth.register', { email, workspaceName: 'mine' })
    const second = await ask('auth.register', { email, workspaceName: 'mine' }, browserOf(first.answer))
    expect(browserOf(first.answer)['cookie']).toMatch(/^__Host-sign-in=browser_tok_[a-z2-7]{32}$/)
    expect(browserOf(second.answer)).not.toEqual(browserOf(first.answer))
    const verified = await api.call(anonymous, 'auth.verify', { token: second.token })
    expect(cookiesOf(verified).map(pairOf)).toContain('__Host-sign-in=')
  })

  it('leaves nothing of its token or of the browser in the database', async () => {
    const { answer, token } = await ask('auth.register', { email: newEmail(), workspaceName: 'mine' })
    const rows = await api.db.client.$queryRaw<Array<{ text: string }>>`
      SELECT row_to_json(m)::text AS text FROM magic_links m`
    const dump = rows.map(({ text }) => text).join()
    for (const secret of [token, browserOf(answer)['cookie']?.split('=')[1] ?? '?']) {
      expect(dump).not.toContain(secret)
      expect(dump).not.toContain(Buffer.from(secret).toString('hex'))
    }
  })
})

describe('a sign-in', () => {
  it('ends the session that was in the browser before, whoever put it there (AUTH-10)', async () => {
    const attacker = await signUp(newEmail())
    const planted = sessionOf(attacker)
    const { email } = await createTenant(api, 'victim')
    const { token } = await ask('auth.login', { email })
    const verified = await api.call(planted, 'auth.verify', { token })
    expect(verified.body).toMatchObject({ user: { email } })
    expect(sessionOf(verified)).not.toEqual(planted)
    expect((await api.call(planted, 'auth.me')).status).toBe(401)
    expect((await api.call(sessionOf(verified), 'auth.me')).body).toMatchObject({ user: { email } })
  })

  it('leaves sessions in other browsers alone, and an unusable link ends nothing', async () => {
    const email = newEmail()
    const first = await signUp(email)
    const { token } = await ask('auth.login', { email })
    const second = await api.call(anonymous, 'auth.verify', { token })
    expect((await api.call(sessionOf(first), 'auth.verify', { token })).status).toBe(401)
    for (const answer of [first, second]) {
      expect((await api.call(sessionOf(answer), 'auth.me')).status).toBe(200)
    }
    const { user, workspace } = second.body as { user: { id: string }; workspace: { id: string } }
    const owner = { userId: user.id, workspaceId: workspace.id }
    expect(await listSessions(api.db, { ...owner, limit: 10 })).toHaveLength(2)
  })

  it('of a new account leaves its beginning in the audit log', async () => {
    const { body } = await signUp(newEmail())
    const { workspace } = body as { workspace: { id: string } }
    const rows = await api.db.client.auditEntry.findMany({
      where: { workspaceId: workspace.id },
      orderBy: { seq: 'asc' },
    })
    expect(rows.map(({ action }) => action)).toEqual(['workspace.created', 'session.created'])
  })
})

describe('every sign-in operation', () => {
  const operations = restOperations.filter(({ path, access }) => /\/auth\//.test(path) && access === 'public')

  it('is refused where another site makes the browser ask, and where an address asks too often', async () => {
    expect(operations.map(({ id }) => id).sort()).toEqual([
      'auth.inspectLink',
      'auth.login',
      'auth.register',
      'auth.verify',
    ])
    for (const operation of operations) {
      const input = operation.example.input ?? {}
      const request = { params: {}, query: operation.method === 'GET' ? (input as {}) : {}, body: input }
      const refusing = (change: object) =>
        operation.invoke({ ...api.contextOf(anonymous), ...change }, request)
      const refuse = (): never => {
        throw new Error(operation.id)
      }
      const crossSite = await refusing({ refuseCrossSite: refuse })
      expect(crossSite.error?.message).toBe(operation.id)
      const { ports } = api.contextOf(anonymous)
      const tooOften = await refusing({
        ports: { ...ports, signIn: { ...ports.signIn, checkRate: refuse } },
      })
      expect(tooOften.error?.message).toBe(operation.id)
    }
  })

  it('answers the same over the limit of mails, and mails nothing (RL-08)', async () => {
    const { email } = await createTenant(api, 'flooded')
    const login = operations.find(({ id }) => id === 'auth.login')
    const ctx = api.contextOf(anonymous)
    const signIn = { ...ctx.ports.signIn, mayMail: () => false }
    const answer = await login?.invoke(
      { ...ctx, ports: { ...ctx.ports, signIn } },
      { params: {}, query: {}, body: { email } },
    )
    await api.settle()
    expect([answer?.status, answer?.body]).toEqual([
      200,
      { success: true, message: 'Login link sent to your email' },
    ])
    expect(api.mails).toEqual([])
  })
})
