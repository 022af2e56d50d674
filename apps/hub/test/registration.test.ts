// Guarantee (AUTH-05): where registration is closed, nobody gets an account by it and no unknown address gets a mail, yet no
// answer tells so; accounts that exist, and the owner of the first start, sign in as always.
import { hashToken, mintToken } from '@private-connect/api'
import { replaceMagicLink } from '@private-connect/db'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { startSmtpServer, type SmtpServer } from './kit/smtp-server.ts'
import { createOwner, openHubDb } from './kit/tenants.ts'

let smtp: SmtpServer
beforeAll(async () => {
  smtp = await startSmtpServer()
}, 120_000)
afterAll(() => smtp?.close())

const start = async (registration: string) =>
  startTestHub({ SMTP_URL: smtp.url, MAIL_FROM: 'hub@example.com', REGISTRATION: registration })

async function ask({ url }: TestHub, operation: 'login' | 'register', email: string) {
  const response = await fetch(`${url}/v1/auth/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, ...(operation === 'register' ? { workspaceName: 'acme' } : {}) }),
  })
  const cookie = response.headers.get('set-cookie')?.replace(/browser_tok_[a-z2-7]+/, '…')
  return { status: response.status, cookie, body: await response.text() }
}

const recipients = () => smtp.received.flatMap(({ envelopeTo }) => envelopeTo)

describe('a hub whose registration is closed', () => {
  it('answers as always, mails nobody but those who have an account, and lets them in', async () => {
    const hub = await start('closed')
    const db = await openHubDb(hub)
    await createOwner(db, 'known@example.com', 'acme-corp')
    const answers = [
      await ask(hub, 'register', 'known@example.com'),
      await ask(hub, 'register', 'stranger@example.com'),
    ]
    expect(answers[1]).toEqual(answers[0])
    expect(answers[0]?.status).toBe(200)
    const verify = async (token: string | undefined) => fetch(`${hub.url}/v1/auth/verify?token=${token}`)
    const { link } = await smtp.waitForMail('known@example.com')
    expect(await (await verify(link.split('#')[1])).json()).toMatchObject({ isNewUser: false })

    // Mailed before it was closed.
    const late = mintToken('magicLink')
    await replaceMagicLink(db, {
      tokenHash: hashToken(late),
      purpose: 'register',
      email: 'late@example.com',
      workspaceName: 'late-corp',
      bindingHash: hashToken('x'),
      expiresAt: new Date(Date.now() + 60_000),
    })
    expect((await verify(late)).status).toBe(401)
    expect(await db.client.user.count({ where: { email: 'late@example.com' } })).toBe(0)

    const owner = await verify(hub.signInUrl.split('#')[1])
    expect([owner.status, await owner.json()]).toEqual([
      200,
      expect.objectContaining({ user: expect.objectContaining({ email: 'owner@localhost' }) }),
    ])
    await db.close()
    // Ending the hub waits for what runs behind the answers.
    await hub.remove()
    expect(recipients()).toEqual(['known@example.com'])
  })
})

describe('a hub that one domain may register on', () => {
  it('mails whoever has an address there, and makes the account', async () => {
    const before = recipients().length
    const hub = await start('example.org')
    const answers = [
      await ask(hub, 'register', 'new@example.org'),
      await ask(hub, 'register', 'new@example.org.evil.net'),
      await ask(hub, 'register', 'new@example.net'),
    ]
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    const { link } = await smtp.waitForMail('new@example.org')
    const verified = await fetch(`${hub.url}/v1/auth/verify?token=${link.split('#')[1]}`)
    expect(await verified.json()).toMatchObject({ isNewUser: true, workspace: { name: 'acme' } })
    await hub.remove()
    expect(recipients().slice(before)).toEqual(['new@example.org'])
  })
})
