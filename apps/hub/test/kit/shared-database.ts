import { request } from 'undici'
import { auditorPassword, type TargetDatabase } from './target-database.ts'
import type { createRestCaller } from './hub.ts'

export interface DatabaseShare {
  readonly id: string
  readonly token: string
  readonly shareUrl: string
  readonly subdomainUrl: string
}

interface ApiCaller {
  readonly api: ReturnType<typeof createRestCaller>
}

export interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Record<string, unknown>
}

/** A service for the database with a login that reads. */
export async function registerDatabase(
  { api }: ApiCaller,
  target: Pick<TargetDatabase, 'port'>,
): Promise<string> {
  const body = {
    name: `shop-${target.port}`,
    targetHost: '127.0.0.1',
    targetPort: target.port,
    protocol: 'tcp',
  }
  const { body: made } = await api<{ service: { id: string } }>('POST', '/v1/services/external', {
    ...body,
    engine: 'postgresql',
  })
  const login = { username: 'auditor', password: auditorPassword, database: 'shop' }
  await api('PUT', `/v1/services/${made.service.id}/credentials`, login)
  return made.service.id
}

export async function shareDatabase(
  { api }: ApiCaller,
  serviceId: string,
  options: object = {},
): Promise<DatabaseShare> {
  const path = `/v1/services/${serviceId}/shares`
  const { body } = await api<{ share: DatabaseShare }>('POST', path, { name: 'audit', ...options })
  return body.share
}

/** Asks as the documentation does. */
export async function askShare(
  hubUrl: string,
  token: string,
  { signal, ...body }: { readonly query?: unknown; readonly params?: unknown; readonly signal?: AbortSignal },
): Promise<Answer> {
  return send(`${hubUrl}/api/shared/${token}/query`, { body, ...(signal === undefined ? {} : { signal }) })
}

export interface Sent {
  readonly body: object | string
  readonly method?: 'POST' | 'GET' | 'OPTIONS'
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export async function send(
  url: string,
  { body, method = 'POST', headers = {}, signal }: Sent,
): Promise<Answer> {
  const answer = await request(url, {
    method,
    headers: { 'content-type': 'application/json', 'accept-encoding': 'identity', ...headers },
    ...(method === 'POST' ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    ...(signal === undefined ? {} : { signal }),
  })
  const text = await answer.body.text()
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text },
  }
}
