// Guarantee (SPEC §6; RSP-09, RSP-14): whoever opens a link in a browser is told in words what is wrong and what happens
// next, on a page that is accessible, loads nothing and runs nothing but its own script, in light, dark and on a phone, on
// the share's own host and in the path form's sandbox. What comes back is shown by itself, without a flood of requests.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ErrorCode } from '@private-connect/errors'
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { addAxe, findViolations } from './kit/axe.ts'
import { launchBrowser } from './kit/browser.ts'
import { repositoryRoot } from './kit/processes.ts'
import { failWith, startPageRig, type PageRig } from './kit/visitor-pages.ts'

const screenshots = join(repositoryRoot, 'test-results', 'visitor-pages')
let browser: Browser
let rig: PageRig
let apart: PageRig

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true })
  ;[browser, rig, apart] = await Promise.all([launchBrowser(), startPageRig(true), startPageRig(false)])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await Promise.all([rig?.close(), apart?.close()])
})

let restored: PageRig['grant'] | undefined
afterEach(() => {
  for (const one of [rig, apart]) {
    one.failure = null
    one.asked.length = 0
  }
  if (restored !== undefined) rig.grant = apart.grant = restored
  restored = undefined
})

function change(changes: Partial<PageRig['grant']>): void {
  restored = rig.grant
  rig.grant = apart.grant = { ...rig.grant, ...changes }
}

interface Case {
  readonly name: string
  readonly heading: string
  readonly status: number
  readonly prepare: () => void
  readonly path?: string
}

const failing = (code: ErrorCode, heading: string, status: number): Case => ({
  name: code.replaceAll(/[._]/g, '-'),
  heading,
  status,
  prepare: () => (rig.failure = apart.failure = failWith(code, status === 429 ? 42 : undefined)),
})

const cases: readonly Case[] = [
  {
    name: 'no-longer-available',
    heading: 'This link is no longer available',
    status: 403,
    prepare: () => change({ isRevoked: true }),
  },
  {
    name: 'refused-path',
    heading: 'This part is not shared',
    status: 403,
    prepare: () => change({ allowedPaths: ['/docs/*'] }),
  },
  {
    name: 'refused-method',
    heading: 'This app cannot be opened like this',
    status: 405,
    prepare: () => change({ allowedMethods: ['POST'] }),
  },
  {
    name: 'not-a-website',
    heading: 'This is not a website',
    status: 400,
    prepare: () => change({ service: { ...rig.grant.service, protocol: 'tcp', targetPort: 5432 } }),
  },
  failing('share.rate_limited', 'A little slower, please', 429),
  failing('share.streams_exhausted', 'The app is busy', 429),
  failing('agent.offline', 'Back soon', 503),
  failing('share.not_shared', 'Not shared at the moment', 503),
  failing('hub.draining', 'Back in a moment', 503),
  failing('upstream.refused', 'The app is not running', 502),
  failing('upstream.failed', 'The app broke off', 502),
  failing('upstream.timeout', 'The app takes too long', 504),
  failing('internal', 'Internal error', 500),
]

const contexts = new Map<BrowserContextOptions, Promise<BrowserContext>>()
const plain: BrowserContextOptions = {}

async function createContext(options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 900, height: 640 }, ...options })
  await addAxe(context)
  return context
}

async function open(url: string, options: BrowserContextOptions = plain) {
  const context = contexts.get(options) ?? createContext(options)
  contexts.set(options, context)
  const page = await (await context).newPage()
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) faults.push(message.text())
  })
  const answer = await page.goto(url)
  return { page, faults, answer, close: () => page.close() }
}

const looks: ReadonlyArray<readonly [name: string, options: BrowserContextOptions]> = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['phone', { colorScheme: 'dark', viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 }],
]

describe.each(cases)('the page "$heading"', ({ name, heading, status, prepare }) => {
  it.each(looks)('is accessible and sound: %s', async (look, options) => {
    prepare()
    const visit = await open(rig.subdomainUrl, options)
    expect(visit.answer?.status()).toBe(status)
    await visit.page.getByRole('heading', { level: 1, name: heading }).waitFor()
    expect(await visit.page.title()).toBe(heading)
    await visit.page.screenshot({ path: join(screenshots, `${name}-${look}.png`) })
    // A phone shows the same in less room.
    expect(look === 'phone' ? [] : await findViolations(visit.page)).toEqual([])
    expect(await visit.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(visit.faults).toEqual([])
    await visit.close()
  })

  it('works in the sandbox of the path form, and is JSON for programs', async () => {
    prepare()
    const visit = await open(apart.pathUrl)
    await visit.page.getByRole('heading', { level: 1, name: heading }).waitFor()
    expect(await visit.page.evaluate('self.origin')).toBe('null')
    expect(visit.faults).toEqual([])
    const policy = visit.answer?.headers()['content-security-policy']
    expect(policy).toMatch(/^default-src 'none'; .*frame-ancestors 'none'; sandbox allow-scripts$/)
    await visit.close()
    const program = await fetch(apart.pathUrl)
    expect([program.status, await program.json()]).toMatchObject([status, { statusCode: status }])
  })
})

describe('the page for a link that nobody made', () => {
  it.each(looks)('is accessible: %s', async (look, options) => {
    const visit = await open(rig.pathUrl.replace('xyz', 'zzz'), options)
    await visit.page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor()
    await visit.page.screenshot({ path: join(screenshots, `unknown-${look}.png`) })
    expect([await findViolations(visit.page), visit.faults]).toEqual([[], []])
    await visit.close()
  })
})

describe('a page that waits', () => {
  it.each([
    ["on the share's own host", () => rig, (one: PageRig) => one.subdomainUrl],
    ['in the sandbox', () => apart, (one: PageRig) => one.pathUrl],
  ])(
    'shows the app once it is back, with few and uneven requests %s',
    { timeout: 60_000 },
    async (_, rigOf, url) => {
      const one = rigOf()
      one.failure = failWith('hub.draining')
      const visit = await open(url(one))
      await visit.page.getByRole('heading', { name: 'Back in a moment' }).waitFor()
      await vi.waitFor(() => expect(one.asked.length).toBeGreaterThan(1), { timeout: 30_000 })
      one.failure = null
      await visit.page.getByRole('heading', { name: 'The app itself' }).waitFor()
      const gaps = one.asked.slice(1).map(({ atMs }, at) => atMs - (one.asked[at]?.atMs ?? 0))
      expect(Math.max(...gaps)).toBeGreaterThan(1000)
      expect(one.asked.length).toBeLessThan(12)
      await visit.close()
    },
  )

  it('comes back without any script too', async () => {
    rig.failure = failWith('agent.offline')
    const visit = await open(rig.subdomainUrl, { javaScriptEnabled: false })
    const refresh = await visit.page.content()
    const seconds = Number(/http-equiv="refresh" content="(\d+)"/.exec(refresh)?.[1])
    expect(seconds).toBeGreaterThanOrEqual(15)
    expect(seconds).toBeLessThanOrEqual(30)
    await visit.close()
  })
})

describe('a limited visitor', () => {
  it('sees the seconds go down, and then that it may go on', { timeout: 30_000 }, async () => {
    rig.failure = failWith('share.rate_limited', 3)
    const visit = await open(rig.subdomainUrl)
    await visit.page.getByText('Try again in 3 seconds.').waitFor()
    await visit.page.getByText('Try again in 1 second.').waitFor()
    await visit.page.getByText('You can try again now.').waitFor()
    expect(rig.asked).toHaveLength(1)
    rig.failure = null
    await visit.page.getByRole('link', { name: 'Try again' }).click()
    await visit.page.getByRole('heading', { name: 'The app itself' }).waitFor()
    await visit.close()
  })
})
