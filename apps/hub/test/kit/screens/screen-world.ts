import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { startAgent } from '@private-connect/proxy/tunnel'
import { startTestHub, type TestHub } from '../hub.ts'
import type { CreatedShare } from '../share.ts'
import { auditorPassword, startTargetDatabase, type TargetDatabase } from '../target-database.ts'

/** A hub and what stands around it, for pictures and checks of every screen. */
export interface ScreenWorld {
  readonly hub: TestHub
  /** Fills the workspace with some of everything; before that all its lists are empty. */
  fill(): Promise<void>
  remove(): Promise<void>
}

interface Parts {
  readonly hub: TestHub
  readonly app: Server
  readonly database: TargetDatabase
  readonly endings: (() => void)[]
}

export async function startScreenWorld(): Promise<ScreenWorld> {
  const app = createServer(answerApp).listen(0, '127.0.0.1')
  const [hub, database] = await Promise.all([
    startTestHub({ TRUSTED_PROXIES: '127.0.0.1', API_REQUESTS_PER_MIN: '100000' }),
    startTargetDatabase(),
    app.listening ? undefined : once(app, 'listening'),
  ])
  const parts: Parts = { hub, app, database, endings: [] }
  return {
    hub,
    fill: async () => fill(parts),
    async remove() {
      for (const end of parts.endings) end()
      app.closeAllConnections()
      app.close()
      await Promise.all([hub.remove(), database.stop()])
    },
  }
}

/** A small website, which fails at times, and an endpoint of webhooks. */
function answerApp({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  const statuses: Readonly<Record<string, number>> = { '/missing': 404, '/report': 500, '/old': 301 }
  response.statusCode = statuses[url] ?? 200
  const slowMs = url === '/search' ? 60 : 0
  setTimeout(() => response.end('x'.repeat(url.length * 400)), slowMs)
}

async function fill(parts: Parts): Promise<void> {
  const { hub } = parts
  const agentId = await addAgents(parts)
  const port = (parts.app.address() as AddressInfo).port
  await hub.api('POST', '/v1/services/register', {
    agentId,
    name: 'checkout-dev',
    targetHost: 'localhost',
    targetPort: 5173,
    protocol: 'http',
  })
  const web = await addService(hub, { name: 'website', targetPort: port, protocol: 'http' })
  await share(hub, web, { name: 'Old campaign page', expiresIn: '1h' }).then(({ id }) =>
    hub.api('DELETE', `/v1/shares/${id}`),
  )
  await shareOrders(parts)
  await share(hub, web, {
    name: 'Partner API',
    allowedPaths: ['/api/*', '/health'],
    allowedMethods: ['GET', 'POST'],
    rateLimitPerMin: 60,
    expiresIn: '7d',
  })
  const review = await share(hub, web, {
    name: 'Design review',
    description: 'The new pricing page, for the agency',
    allowedPaths: ['/', '/pricing', '/about', '/missing', '/search', '/report'],
  })
  await visit(hub, review)
  await addWebhooks(hub, port)
}

async function addAgents({ hub, endings }: Parts): Promise<string> {
  const add = async (name: string, label: string) =>
    (await hub.api<{ agent: { id: string }; token: string }>('POST', '/v1/agents/register', { name, label }))
      .body
  await add('build-server', 'Rack 3, data centre north')
  const { agent, token } = await add('ada-laptop', 'Ada’s laptop')
  const quiet = (): void => undefined
  const log = { debug: quiet, info: quiet, warn: quiet }
  await new Promise<void>((resolve) => {
    const running = startAgent({
      hubUrl: hub.url,
      token,
      version: '0.1.0',
      targets: new Map(),
      onStatus: ({ state }) => (state === 'connected' ? resolve() : undefined),
      log,
    })
    endings.push(() => running.close())
  })
  return agent.id
}

async function addService(hub: TestHub, target: object): Promise<string> {
  const made = await hub.api<{ service: { id: string } }>('POST', '/v1/services/external', {
    targetHost: '127.0.0.1',
    ...target,
  })
  await hub.api('POST', `/v1/services/${made.body.service.id}/check`)
  return made.body.service.id
}

async function share(hub: TestHub, serviceId: string, options: object): Promise<CreatedShare> {
  const path = `/v1/services/${serviceId}/shares`
  return (await hub.api<{ share: CreatedShare }>('POST', path, options)).body.share
}

async function shareOrders({ hub, database }: Parts): Promise<void> {
  const target = { name: 'orders-db', targetPort: database.port, protocol: 'tcp', engine: 'postgresql' }
  const serviceId = await addService(hub, target)
  const login = { username: 'auditor', password: auditorPassword, database: 'shop' }
  await hub.api('PUT', `/v1/services/${serviceId}/credentials`, login)
  const { token } = await share(hub, serviceId, {
    name: 'Orders for the auditor',
    maskedColumns: ['users.email'],
    expiresIn: '30d',
  })
  for (const query of [
    'SELECT count(*) FROM users',
    'DELETE FROM users',
    'SELECT id, email FROM users LIMIT 10',
  ]) {
    await fetch(`${hub.url}/api/shared/${token}/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.23' },
      body: JSON.stringify({ query }),
    })
  }
}

const paths = ['/', '/pricing', '/pricing', '/search', '/about', '/missing', '/admin', '/report', '/pricing']
const visitors = ['203.0.113.7', '198.51.100.23', '192.0.2.61']

async function visit(hub: TestHub, { token }: CreatedShare): Promise<void> {
  for (let at = 0; at < 180; at += 1) {
    await fetch(`${hub.url}/shared/${token}${paths[(at * 7) % paths.length] ?? '/'}`, {
      redirect: 'manual',
      headers: {
        'x-forwarded-for': visitors[(at * at) % visitors.length] ?? '',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      },
    }).then(async (answer) => answer.arrayBuffer())
  }
}

async function addWebhooks(hub: TestHub, port: number): Promise<void> {
  const add = async (input: object): Promise<string> =>
    (await hub.api<{ webhook: { id: string } }>('POST', '/v1/webhooks', input)).body.webhook.id
  const chat = await add({ url: `http://127.0.0.1:${port}/hooks/chat`, description: 'Team chat' })
  const failing = await add({
    url: `http://127.0.0.1:${port}/missing`,
    description: 'Billing',
    events: ['share.created', 'share.revoked'],
  })
  for (const id of [chat, chat, failing]) await hub.api('POST', `/v1/webhooks/${id}/test`)
}
