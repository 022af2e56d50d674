// Guarantee (SPEC §6 Banner): in a real browser the banner is there and readable under the app's own policy and styles,
// changes nothing of the app's page, and can be closed by keyboard, on the share's own host and in the sandbox.
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchBrowser } from './kit/browser.ts'
import { repositoryRoot } from './kit/processes.ts'
import { startPageRig, type PageRig } from './kit/visitor-pages.ts'

const screenshots = join(repositoryRoot, 'test-results', 'banner')
/** Styles that would ruin a banner that stood in the page itself. */
const hostileStyle = `* { color: lime !important; font-size: 40px !important; display: block !important }
  dialog, form, p, button { background: red !important; position: static !important; visibility: hidden !important }`
const appStyle = `:root { color-scheme: light dark } body { margin: 0; font: 16px/1.5 system-ui }
  main { padding: 2rem; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)) }
  section { height: 11rem; padding: 1rem; border: 1px solid #8884; border-radius: .75rem }`
const policies: Readonly<Record<string, string>> = {
  '/strict': "default-src 'none'; style-src 'self'",
  '/fallback': "default-src 'self'",
}

let app: Server
let browser: Browser
let rig: PageRig
let apart: PageRig
beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true })
  app = createServer((request, response) => {
    const url = request.url ?? ''
    if (url.endsWith('.css')) {
      response.writeHead(200, { 'content-type': 'text/css' })
      response.end(url === '/hostile.css' ? hostileStyle : appStyle)
      return
    }
    const policy = policies[url]
    if (policy !== undefined) response.setHeader('content-security-policy', policy)
    response.writeHead(200, { 'content-type': 'text/html' })
    const sheet = url === '/' ? '/app.css' : '/hostile.css'
    response.end(
      `<!doctype html><html lang="en"><head><title>Acme</title><meta name="viewport" content="width=device-width">` +
        `<link rel="stylesheet" href="${sheet}"></head><body><main>${'<section>Revenue</section>'.repeat(12)}</main></body></html>`,
    )
  }).listen(0, '127.0.0.1')
  ;[browser, rig, apart] = await Promise.all([launchBrowser(), startPageRig(true), startPageRig(false)])
  for (const one of [rig, apart]) setBranding(one, true)
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await Promise.all([rig?.close(), apart?.close()])
  app.closeAllConnections()
  app.close()
})

function setBranding(one: PageRig, showsBranding: boolean): void {
  const targetPort = (app.address() as AddressInfo).port
  one.grant = { ...one.grant, showsBranding, service: { ...one.grant.service, targetPort } }
}

interface Opened {
  readonly page: Page
  /** What the browser complained of. */
  readonly complaints: string[]
  readonly close: () => Promise<void>
}

async function open(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints, close: () => context.close() }
}

/** What assistive technology finds, closed shadow roots included: role and name of each. */
async function readAccessible(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  return nodes.map(({ role, name }) => `${role?.value} ${name?.value}`)
}

/** What an app could notice of the page around it. */
const readPage = (page: Page): Promise<unknown> =>
  page.evaluate(`[
    document.forms.length,
    document.styleSheets.length,
    document.body.scrollHeight,
    document.body.scrollWidth,
    document.querySelectorAll('dialog, button, style').length,
    document.querySelector('main').getBoundingClientRect().toJSON(),
  ]`)

describe('the banner in Chromium', () => {
  it.each(['', 'hostile', 'strict', 'fallback'])(
    'is readable, changes nothing, and is closed by keyboard: /%s',
    async (path) => {
      setBranding(rig, false)
      const plain = await open(`${rig.subdomainUrl}${path}`)
      const before = await readPage(plain.page)
      await plain.close()
      setBranding(rig, true)
      const { page, complaints, close } = await open(`${rig.subdomainUrl}${path}`)
      expect(await readPage(page)).toEqual(before)
      const shown = await readAccessible(page)
      expect(shown).toContain('button Close')
      expect(shown).toContain('dialog Private Connect')
      expect(shown.join('\n')).toMatch(/StaticText acme/)
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await vi.waitFor(async () => expect(await readAccessible(page)).not.toContain('button Close'), {
        timeout: 10_000,
      })
      expect(page.url()).toBe(`${rig.subdomainUrl}${path}`)
      expect(complaints).toEqual([])
      await close()
    },
    60_000,
  )

  it('can be closed in the sandbox of the path form', async () => {
    const { page, close } = await open(apart.pathUrl)
    expect(await readAccessible(page)).toContain('button Close')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await vi.waitFor(async () => expect(await readAccessible(page)).not.toContain('button Close'), {
      timeout: 10_000,
    })
    await close()
  }, 60_000)

  it.each([
    ['light', { colorScheme: 'light', viewport: { width: 1100, height: 640 } }],
    ['dark', { colorScheme: 'dark', viewport: { width: 1100, height: 640 } }],
    ['phone', { colorScheme: 'light', viewport: { width: 360, height: 640 } }],
    ['phone-dark', { colorScheme: 'dark', viewport: { width: 360, height: 640 } }],
  ] as const)(
    'covers little of the page: %s',
    async (name, options) => {
      const { page, close } = await open(rig.subdomainUrl, { ...options, deviceScaleFactor: 2 })
      await page.screenshot({ path: join(screenshots, `${name}.png`) })
      const session = await page.context().newCDPSession(page)
      const { root } = await session.send('DOM.getDocument', { depth: -1, pierce: true })
      const { nodeId } = findNode(root, 'DIALOG') ?? { nodeId: 0 }
      const { model } = await session.send('DOM.getBoxModel', { nodeId })
      expect(model.height).toBeLessThan(56)
      expect(model.width).toBeLessThanOrEqual(options.viewport.width - 24)
      await close()
    },
    60_000,
  )
})

interface DomNode {
  readonly nodeId: number
  readonly nodeName: string
  readonly children?: readonly DomNode[]
  readonly shadowRoots?: readonly DomNode[]
}

function findNode(node: DomNode, name: string): DomNode | undefined {
  if (node.nodeName === name) return node
  for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) {
    const found = findNode(child, name)
    if (found !== undefined) return found
  }
  return undefined
}
