// Guarantee (AUTH-04, AUTH-05, RL-08): over 1,000 samples nothing in an answer to register or login tells whether the
// address has an account: not the body, not the status, not a header, not the time; nor does being over a limit of mails.
import { performance } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { startSmtpServer, type SmtpServer } from './kit/smtp-server.ts'

let smtp: SmtpServer
const hubs: TestHub[] = []
const unlimited = '100000000'

beforeAll(async () => {
  smtp = await startSmtpServer()
}, 120_000)
afterAll(async () => {
  for (const hub of hubs) await hub.remove()
  await smtp?.close()
})

async function startHub(limits: Record<string, string>): Promise<TestHub> {
  const hub = await startTestHub({
    SMTP_URL: smtp.url,
    MAIL_FROM: 'hub@example.com',
    ANONYMOUS_REQUESTS_PER_MIN: unlimited,
    ...limits,
  })
  hubs.push(hub)
  return hub
}

interface Sample {
  readonly isKnown: boolean
  readonly answer: string
  readonly timeMs: number
}

async function ask({ url }: TestHub, operation: 'login' | 'register', email: string) {
  const startedAtMs = performance.now()
  const response = await fetch(`${url}/v1/auth/${operation}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(operation === 'login' ? { email } : { email, workspaceName: 'my-workspace' }),
  })
  const body = await response.text()
  const timeMs = performance.now() - startedAtMs
  const headers = [...response.headers].map(([name, value]) => `${name}: ${maskHeader(name, value)}`)
  return { status: response.status, answer: [response.status, ...headers, body].join('\n'), timeMs }
}

/** What differs from answer to answer for everybody; the length of a random value still counts. */
function maskHeader(name: string, value: string): string {
  if (name === 'date' || name.startsWith('x-ratelimit-')) return '…'
  if (name === 'x-request-id' || name === 'set-cookie')
    return value.replaceAll(/[\da-z]{20,}/g, (text) => `${text.length}`)
  return value
}

async function createAccounts(hub: TestHub, count: number): Promise<string[]> {
  const emails = Array.from(
    { length: count },
    (_, index) => `known${String(index).padStart(3, '0')}@example.com`,
  )
  for (const email of emails) {
    await ask(hub, 'register', email)
    const [, token] = (await smtp.waitForMail(email)).link.split('#')
    expect((await fetch(`${hub.url}/v1/auth/verify?token=${token}`)).status).toBe(200)
  }
  return emails
}

/** Pairs of one known and one unknown address in random order, so that the machine's other load hits both alike. */
async function sample(hub: TestHub, operation: 'login' | 'register', known: readonly string[]) {
  const samples: Sample[] = []
  for (let pair = 0; pair < 300; pair += 1) {
    const unknown = `other${String(pair).padStart(3, '0')}@example.com`
    const sides = [
      { isKnown: true, email: known[pair % known.length] ?? '' },
      { isKnown: false, email: unknown },
    ]
    if (Math.random() < 0.5) sides.reverse()
    for (const { isKnown, email } of sides) {
      const { answer, timeMs } = await ask(hub, operation, email)
      samples.push({ isKnown, answer, timeMs })
    }
  }
  return samples
}

/**
 * The chance that a known address's answer takes longer than an unknown one's: 0.5 when the time tells nothing. A rank
 * statistic, which stalls of the machine do not move; over 300 against 300 its standard error is 0.024.
 */
function chanceThatKnownIsSlower(samples: readonly Sample[]): number {
  const timesOf = (isKnown: boolean) =>
    samples.filter((one) => one.isKnown === isKnown).map((one) => one.timeMs)
  const [known, unknown] = [timesOf(true), timesOf(false)]
  const wins = known.flatMap((a) => unknown.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))
  return wins.reduce((sum: number, win) => sum + win, 0) / wins.length
}

describe('register and login', () => {
  let hub: TestHub
  let known: string[]

  beforeAll(async () => {
    hub = await startHub({
      SIGN_IN_REQUESTS_PER_MIN: unlimited,
      SIGN_IN_MAILS_PER_RECIPIENT: unlimited,
      SIGN_IN_MAILS_PER_ADDRESS: unlimited,
      SIGN_IN_MAILS_MAX: unlimited,
    })
    known = await createAccounts(hub, 5)
    // Until the code is compiled and the connections are open.
    await sample(hub, 'login', known)
  }, 240_000)

  it.each(['login', 'register'] as const)(
    'tell nothing over 600 samples: %s',
    async (operation) => {
      const samples = await sample(hub, operation, known)
      expect(new Set(samples.map(({ answer }) => answer)).size).toBe(1)
      // Six standard errors: a false alarm once in a billion runs.
      expect(Math.abs(chanceThatKnownIsSlower(samples) - 0.5)).toBeLessThan(0.15)
    },
    240_000,
  )
})

describe('limits', () => {
  it('leave mails out silently: per recipient, per address, and over all', async () => {
    const hub = await startHub({ SIGN_IN_MAILS_PER_ADDRESS: '8', SIGN_IN_REQUESTS_PER_MIN: unlimited })
    const before = smtp.received.length
    const answers: string[] = []
    for (let count = 0; count < 6; count += 1) {
      answers.push((await ask(hub, 'register', 'one@example.com')).answer)
    }
    for (let count = 0; count < 50; count += 1) {
      answers.push((await ask(hub, 'register', `many${count}@example.com`)).answer)
    }
    expect(new Set(answers).size).toBe(1)
    // Ending the hub waits for what runs behind the answers.
    await hub.remove()
    const recipients = smtp.received.slice(before).flatMap(({ envelopeTo }) => envelopeTo)
    expect(recipients.filter((to) => to === 'one@example.com')).toHaveLength(5)
    // The sixth to one address counts as asked for: eight asked for from here, seven mailed.
    expect(recipients).toHaveLength(7)
  })

  it('hold up an address that asks too often with 429, the same for every address (RL-08)', async () => {
    const hub = await startHub({ SIGN_IN_REQUESTS_PER_MIN: '10', SIGN_IN_MAILS_MAX: '3' })
    const statuses: number[] = []
    const before = smtp.received.length
    for (let count = 0; count < 12; count += 1) {
      statuses.push((await ask(hub, 'register', `fast${count}@example.com`)).status)
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429])
    const limited = await fetch(`${hub.url}/v1/auth/verify?token=x`)
    expect([limited.status, await limited.json()]).toEqual([
      429,
      expect.objectContaining({ error: 'Too many requests', retryAfter: expect.any(Number) }),
    ])
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    const overTrpc = await fetch(`${hub.url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ json: { email: 'a@example.com' } }),
    })
    expect(overTrpc.status).toBe(429)
    await hub.remove()
    expect(smtp.received.length - before).toBe(3)
  })
})
