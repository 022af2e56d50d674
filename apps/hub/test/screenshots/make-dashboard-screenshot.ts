/** `npm run screenshots`: makes the README's picture of the dashboard from a real hub with a share that was visited. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { launchBrowser } from '../kit/browser.ts'
import { startTestHub, type TestHub } from '../kit/hub.ts'
import { repositoryRoot } from '../kit/processes.ts'

const paths = ['/', '/pricing', '/pricing', '/docs', '/about', '/missing']
const visitors = ['203.0.113.7', '198.51.100.23', '192.0.2.61']

const app = createServer((request, response) => {
  response.statusCode = request.url === '/missing' ? 404 : 200
  response.end('the app')
}).listen(0, '127.0.0.1')
await once(app, 'listening')

async function shareAndVisit(hub: TestHub): Promise<void> {
  const target = { targetHost: '127.0.0.1', targetPort: (app.address() as AddressInfo).port }
  const { body } = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', {
    name: 'website',
    protocol: 'http',
    ...target,
  })
  const { body: made } = await hub.api<{ share: { token: string } }>(
    'POST',
    `/v1/services/${body.service.id}/shares`,
    { name: 'Design review', description: 'The new pricing page, for the agency' },
  )
  for (let visit = 0; visit < 150; visit += 1) {
    const path = paths[(visit * 7) % paths.length] ?? '/'
    await fetch(`${hub.url}/shared/${made.share.token}${path}`, {
      headers: { 'x-forwarded-for': visitors[visit % visitors.length] ?? '' },
    })
  }
}

const [hub, browser] = await Promise.all([startTestHub({ TRUSTED_PROXIES: '127.0.0.1' }), launchBrowser()])
try {
  await shareAndVisit(hub)
  const page = await browser.newPage({ viewport: { width: 1200, height: 860 }, colorScheme: 'light' })
  await page.goto(hub.signInUrl)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Open the dashboard' }).click()
  await page.getByRole('link', { name: /Design review/ }).click()
  await page.getByRole('heading', { name: 'Top paths' }).waitFor()
  await page.screenshot({ path: join(repositoryRoot, 'docs/images/dashboard.png') })
} finally {
  await browser.close()
  await hub.remove()
  app.close()
}
