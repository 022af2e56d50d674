// Guarantee: while one works on the dashboard, the hub serves it from Vite, with changes as they are typed and under a policy that
// is relaxed for these paths alone; that server learns no credential.
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import type { Browser } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { startTestHub, type TestHub } from './kit/hub.ts'
import { makeTemporaryFolder, repositoryRoot } from './kit/processes.ts'

const folder = makeTemporaryFolder()
const seen: (string | undefined)[] = []
let vite: ViteDevServer
let hub: TestHub
let browser: Browser

/** A copy of the sources that may be edited, with a Vite server of its own. */
async function startVite(): Promise<ViteDevServer> {
  for (const part of ['src', 'index.html'])
    cpSync(join(repositoryRoot, 'packages/ui', part), join(folder.path, part), { recursive: true })
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder.path, 'node_modules'))
  const server = await createServer({
    root: folder.path,
    configFile: false,
    base: '/dashboard/',
    cacheDir: join(folder.path, 'cache'),
    logLevel: 'error',
    plugins: [react(), noteCredentials()],
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  })
  await server.listen()
  return server
}

const noteCredentials = () => ({
  name: 'note-credentials',
  configureServer: ({ middlewares }: ViteDevServer) => {
    middlewares.use((request, _response, next) => {
      seen.push(request.headers.cookie ?? request.headers.authorization)
      next()
    })
  },
})

const urlOf = ({ resolvedUrls }: ViteDevServer): string => new URL(resolvedUrls?.local[0] ?? '').origin

beforeAll(async () => {
  vite = await startVite()
  ;[hub, browser] = await Promise.all([startTestHub({ DASHBOARD_DEV_URL: urlOf(vite) }), launchBrowser()])
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await hub?.remove()
  await vite?.close()
  folder.remove()
})

it('shows the dashboard, and what is typed as it is typed', { timeout: 120_000 }, async () => {
  const page = await browser.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(hub.signInUrl)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Open the dashboard' }).click()
  await page.getByRole('heading', { level: 1, name: 'Shares' }).waitFor()
  // Vite reloads the page when it has found all that it needs.
  await page.waitForLoadState('networkidle')
  await page.evaluate('globalThis.isTheSamePage = true')
  const file = join(folder.path, 'src/shares/shares-page.tsx')
  const source = readFileSync(file, 'utf8')
  expect(source).toContain('Links to your services.')
  writeFileSync(file, source.replace('Links to your services.', 'Typed just now.'))
  await page.getByText('Typed just now.').waitFor()
  expect(await page.evaluate('globalThis.isTheSamePage')).toBe(true)
  expect(seen.length).toBeGreaterThan(10)
  expect(seen.filter((credential) => credential !== undefined)).toEqual([])
})

it('relaxes its policy for the dashboard alone', async () => {
  const policyOf = async (path: string): Promise<string> =>
    (await fetch(hub.url + path)).headers.get('content-security-policy') ?? ''
  expect(await policyOf('/')).toContain("script-src 'self' 'unsafe-inline'")
  expect(await policyOf('/dashboard/src/main.tsx')).toContain("'unsafe-inline'")
  for (const path of ['/signin', '/docs', '/v1/shares']) {
    expect(await policyOf(path)).toContain("script-src 'self';")
  }
})

it('passes nothing on but reads of the dashboard', async () => {
  const before = seen.length
  const answers = await Promise.all([
    fetch(`${hub.url}/src/main.tsx`),
    fetch(`${hub.url}/@vite/client`),
    fetch(`${hub.url}/dashboard/src/main.tsx`, { method: 'POST' }),
    fetch(`${hub.url}/dashboard/..%2fv1/shares`),
  ])
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 400])
  expect(seen.length).toBe(before)
})
