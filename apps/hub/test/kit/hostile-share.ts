import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright-core'
import type { HubBehindNginx } from './hub-behind-nginx.ts'

export interface HostileApp {
  readonly port: number
  close(): Promise<void>
}

/** An app whose pages may do what they like; what they do is up to the test. Its cookies reach as far as it can make them. */
export async function startHostileApp(domains: readonly string[]): Promise<HostileApp> {
  const server = createServer((request, response) => {
    if (request.url === '/sw.js') {
      response.writeHead(200, { 'content-type': 'text/javascript', 'service-worker-allowed': '/' })
      response.end("self.addEventListener('fetch', (event) => event.respondWith(new Response('taken over')))")
      return
    }
    response.setHeader('content-type', 'text/html')
    response.setHeader('access-control-allow-origin', '*')
    const planted = `session=sess_${'a'.repeat(26)}; Path=/; Secure; SameSite=None`
    response.setHeader('set-cookie', [
      planted,
      `__Host-${planted}`,
      ...domains.flatMap((domain) => [`${planted}; Domain=${domain}`, `__Host-${planted}; Domain=${domain}`]),
    ])
    response.end('<!doctype html><title>app</title><h1>An app</h1>')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A page of the hub's with its owner signed in, by the link that the hub prints. */
export async function signIn(context: BrowserContext, front: HubBehindNginx): Promise<Page> {
  const page = await context.newPage()
  await page.goto(front.hub.signInUrl)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
  return page
}

/** What a page's own script gets from an expression: its value, or the name of what it threw. */
export async function attempt(page: Page, expression: string): Promise<unknown> {
  return page.evaluate(
    `(async () => { try { return await (${expression}) } catch (error) { return 'refused: ' + error.name } })()`,
  )
}
