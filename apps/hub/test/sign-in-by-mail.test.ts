// Guarantee (AUTH-01, AUTH-08, AUTH-09, AUTH-18, IP-09): a link that arrives by mail signs in at once in the browser that
// asked for it, and after a click that names the account anywhere else; whatever looks at it on the way uses nothing up.
import { mkdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { repositoryRoot } from './kit/processes.ts'
import { startSmtpServer, type SmtpServer } from './kit/smtp-server.ts'

const screenshots = join(repositoryRoot, 'test-results')
let smtp: SmtpServer
let hub: TestHub
let browser: Browser
let serial = 0
const newEmail = (): string => `person${(serial += 1)}@example.com`

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true })
  smtp = await startSmtpServer()
  const settings = {
    SMTP_URL: smtp.url,
    MAIL_FROM: 'Private Connect <hub@example.com>',
    SIGN_IN_REQUESTS_PER_MIN: '10000',
    SIGN_IN_MAILS_PER_ADDRESS: '10000',
    ANONYMOUS_REQUESTS_PER_MIN: '10000',
  }
  ;[hub, browser] = await Promise.all([startTestHub(settings), launchBrowser()])
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await hub?.remove()
  await smtp?.close()
})

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(hub.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

async function register(email: string): Promise<string> {
  await post('/v1/auth/register', { email, workspaceName: 'my-workspace' })
  return (await smtp.waitForMail(email)).link
}

const openContext = (colorScheme: 'light' | 'dark' = 'light') =>
  browser.newContext({ viewport: { width: 900, height: 760 }, colorScheme })

const sessionOf = async (context: BrowserContext) =>
  (await context.cookies()).find(({ name }) => name === 'session')

const meOf = async (context: BrowserContext) =>
  (await (await context.request.get(`${hub.url}/v1/auth/me`)).json()) as { user: { email: string } }

describe('in the browser that asked', () => {
  it('registers, opens the mail, and is in without a further click', async () => {
    const email = newEmail()
    const context = await openContext()
    const page = await context.newPage()
    await page.goto(`${hub.url}/register`)
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(email)
    await page.getByRole('textbox', { name: 'Workspace name' }).fill('Łódź & friends')
    await page.screenshot({ path: join(screenshots, 'register.png') })
    await page.getByRole('button', { name: 'Create my account' }).click()
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
    await page.screenshot({ path: join(screenshots, 'check-your-mail.png') })

    const { link, mail, envelopeTo } = await smtp.waitForMail(email)
    expect(envelopeTo).toEqual([email])
    expect(mail.html).toContain(`href="${link}"`)
    expect(link).toMatch(new RegExp(`^${hub.url}/signin#magic_tok_[a-z2-7]{32}$`))
    await page.goto(link)
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect(await page.locator('#workspace').textContent()).toBe('Łódź & friends')
    expect(await sessionOf(context)).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
    expect((await meOf(context)).user.email).toBe(email)
    await context.close()
  })

  it('signs in, goes on to where it was bound, and signs out', async () => {
    const email = newEmail()
    const link = await register(email)
    await fetch(`${hub.url}/v1/auth/verify?token=${link.split('#')[1]}`)
    const context = await openContext('dark')
    const page = await context.newPage()
    await page.goto(`${hub.url}/signin?redirect=%2Fdocs%3Fa%3Db`)
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(email)
    await page.screenshot({ path: join(screenshots, 'sign-in-form.png') })
    await page.getByRole('button', { name: 'Send me a link' }).click()
    await page.getByRole('heading', { name: 'Check your mail' }).waitFor()
    // The mail is read in a tab of its own, as mailboxes open links.
    const tab = await context.newPage()
    await tab.goto((await smtp.waitForMail(email)).link)
    await tab.waitForURL(`${hub.url}/docs?a=b`)

    await tab.goto(`${hub.url}/signin`)
    await tab.getByRole('button', { name: 'Sign out' }).click()
    await tab.getByRole('heading', { name: 'Sign in', exact: true }).waitFor()
    expect(await sessionOf(context)).toBeUndefined()
    await context.close()
  })

  it.each([
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    'https:evil.example',
    '/\t/evil.example',
  ])('never goes on to %j', async (redirect) => {
    const context = await openContext()
    const link = await register(newEmail())
    await context.request.get(`${hub.url}/v1/auth/verify?token=${link.split('#')[1]}`)
    const page = await context.newPage()
    await page.goto(`${hub.url}/signin?redirect=${encodeURIComponent(redirect)}`)
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect(new URL(page.url()).origin).toBe(hub.url)
    await context.close()
  })
})

describe('anywhere else', () => {
  it('names the account, and one click signs in; the link then works no more', async () => {
    const email = newEmail()
    const link = await register(email)
    const context = await openContext()
    const page = await context.newPage()
    await page.goto(link)
    await page.getByRole('heading', { name: `Sign in as ${email}?` }).waitFor()
    await page.screenshot({ path: join(screenshots, 'sign-in-elsewhere.png') })
    expect(await context.cookies()).toEqual([])
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect((await meOf(context)).user.email).toBe(email)
    const other = await (await openContext()).newPage()
    await other.goto(link)
    await other.getByRole('heading', { name: 'This link cannot sign you in' }).waitFor()
    await other.context().close()
    await context.close()
  })

  it('survives a mail scanner: HEAD, GET, and a browser that runs the page without clicking', async () => {
    const email = newEmail()
    const link = await register(email)
    for (const method of ['HEAD', 'GET', 'HEAD', 'GET'])
      expect((await fetch(link, { method })).status).toBe(200)
    const scanner = await (await openContext()).newPage()
    await scanner.goto(link, { waitUntil: 'networkidle' })
    await scanner.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await sessionOf(scanner.context())).toBeUndefined()
    await scanner.context().close()

    const verify = `${hub.url}/v1/auth/verify?token=${link.split('#')[1]}`
    expect((await fetch(verify, { method: 'HEAD' })).status).toBe(405)
    expect((await fetch(verify, { method: 'OPTIONS' })).status).toBe(405)

    const human = await (await openContext()).newPage()
    await human.goto(link)
    await human.getByRole('button', { name: 'Sign in' }).click()
    await human.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await human.context().close()
  })

  it('keeps the token out of the address, the history, the Referer and every URL but the one call', async () => {
    const link = await register(newEmail())
    const [, token = ''] = link.split('#')
    const page = await (await openContext()).newPage()
    const seen: string[] = []
    page.on('request', (sent) => seen.push(`${sent.url()} ${sent.headers()['referer'] ?? ''}`))
    await page.goto(link)
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(page.url()).toBe(`${hub.url}/signin`)
    expect(seen.filter((text) => text.split('#')[0]?.includes(token))).toEqual([])
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    expect(seen.filter((text) => text.split('#')[0]?.includes(token))).toEqual([
      `${hub.url}/v1/auth/verify?token=${token} `,
    ])
    expect(hub.program.output).not.toContain(token)
    await page.context().close()
  })

  it('is refused where another site sends the browser to the verifying address itself (AUTH-09)', async () => {
    const [, token = ''] = (await register(newEmail())).split('#')
    const verify = `${hub.url}/v1/auth/verify?token=${token}`
    const context = await openContext()
    const page = await context.newPage()
    const typed = await page.goto(verify)
    expect(typed?.status()).toBe(403)
    await page.goto('data:text/html,<p>another site</p>')
    await page.evaluate(`new Promise((resolve) => {
      const image = document.createElement('img')
      image.addEventListener('error', resolve)
      image.src = ${JSON.stringify(verify)}
      document.body.append(image)
    })`)
    await page.goto(`${hub.url}/`)
    // A page of ours that is made to navigate there is no page that fetches.
    expect((await page.goto(verify))?.status()).toBe(403)
    expect(await sessionOf(context)).toBeUndefined()
    await context.close()
    expect((await fetch(verify)).status).toBe(200)
  })

  it('leads to the configured hub, whatever Host the request names (IP-09)', async () => {
    const email = newEmail()
    const body = JSON.stringify({ email, workspaceName: 'mine' })
    await new Promise<void>((resolve, reject) => {
      const sent = request(
        `${hub.url}/v1/auth/register`,
        {
          method: 'POST',
          headers: {
            host: 'attacker.example',
            'x-forwarded-host': 'attacker.example',
            'content-type': 'application/json',
          },
        },
        (response) => response.resume().once('end', resolve),
      )
      sent.once('error', reject).end(body)
    })
    const { link, raw } = await smtp.waitForMail(email)
    expect(link).toContain(`${hub.url}/signin#`)
    expect(raw).not.toContain('attacker')
  })
})

describe('the account', () => {
  it('that exists is told of by mail when somebody registers it (AUTH-05)', async () => {
    const email = newEmail()
    const link = await register(email)
    await fetch(`${hub.url}/v1/auth/verify?token=${link.split('#')[1]}`)
    await register(email)
    expect(smtp.received.at(-1)?.mail.subject).toBe('You already have an account on Private Connect')
    expect(smtp.received.at(-1)?.envelopeTo).toEqual([email])
  })

  it('has a picture of its mail for a person to look at', async () => {
    const { mail } = smtp.received.at(-1) ?? {}
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await (await openContext(colorScheme)).newPage()
      await page.setContent(mail?.html ?? '')
      expect(await page.getByRole('link', { name: 'Sign in' }).isVisible()).toBe(true)
      await page.screenshot({ path: join(screenshots, `mail-${colorScheme}.png`) })
      await page.context().close()
    }
  })
})
