// Guarantee (AUTH-21): while the mail server is away a sign-in is answered as ever, /health says that mail is failing, and
// the mail arrives once the server is back.
import { expect, it, vi } from 'vitest'
import { startTestHub } from './kit/hub.ts'
import { startSmtpServer } from './kit/smtp-server.ts'

it('answers, says so, and delivers later', async () => {
  const away = await startSmtpServer()
  await away.close()
  const hub = await startTestHub({ SMTP_URL: away.url, MAIL_FROM: 'hub@example.com' })
  try {
    const readWarnings = async () =>
      ((await (await fetch(`${hub.url}/health`)).json()) as { warnings: string[] }).warnings
    expect(await readWarnings()).not.toContain('mail_failing')
    const email = 'patient@example.com'
    const answer = await fetch(`${hub.url}/v1/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, workspaceName: 'my-workspace' }),
    })
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { success: true, message: 'Verification email sent' },
    ])
    await vi.waitFor(async () => expect(await readWarnings()).toContain('mail_failing'), 30_000)
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200)

    const server = await startSmtpServer({ port: away.port })
    try {
      const { link } = await server.waitForMail(email)
      const [, token] = link.split('#')
      expect((await fetch(`${hub.url}/v1/auth/verify?token=${token}`)).status).toBe(200)
      await vi.waitFor(async () => expect(await readWarnings()).not.toContain('mail_failing'), 30_000)
      expect(hub.program.output).toContain('a mail could not be sent')
      expect(hub.program.output).not.toContain(email)
      expect(hub.program.output).not.toContain(token)
    } finally {
      await server.close()
    }
  } finally {
    await hub.remove()
  }
})
