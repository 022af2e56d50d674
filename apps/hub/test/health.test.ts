import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestHub, type TestHub } from './kit/hub.ts'

// Guarantee (SUP-01, SUP-08, SSRF-08): health says whether the hub works, what an operator should look at and whether
// private targets are allowed, and shows neither versions, addresses nor secrets; metrics are for this machine or for whoever has the token.
describe('health and metrics', () => {
  let hub: TestHub

  beforeAll(async () => {
    hub = await startTestHub()
  })
  afterAll(async () => hub?.remove())

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(hub.url + path, { headers })
    return { status: answer.status, text: await answer.text() }
  }

  it('says that it lives, is ready, and warns of the Node that it runs on', async () => {
    expect(await get('/livez')).toEqual({ status: 200, text: '{"status":"ok"}' })
    expect(await get('/readyz')).toEqual({ status: 200, text: '{"status":"ok"}' })
    const health = await get('/health')
    expect(health.status).toBe(200)
    expect(health.text).not.toMatch(/\d+\.\d+\.\d+|postgres|secret/i)
    const isFlawed = /"flag":"node_brotli_decoder"/.test(hub.program.output)
    expect(JSON.parse(health.text)).toEqual({
      ...(isFlawed
        ? { status: 'degraded', warnings: ['node_brotli_decoder'] }
        : { status: 'ok', warnings: [] }),
      // Loopback, by the embedded default (SSRF-08).
      notices: ['private_targets_allowed'],
    })
  })

  it('gives metrics to this machine only, and not to a proxy that asks for somebody else', async () => {
    const local = await get('/metrics')
    expect(local.status).toBe(200)
    expect(local.text).toContain('private_connect_agents_online 0')
    expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(401)
    expect((await get('/metrics', { forwarded: 'for=203.0.113.9' })).status).toBe(401)
  })

  it('gives metrics for the token where one is set', async () => {
    const other = await startTestHub({ METRICS_TOKEN: 'a-token-for-metrics' })
    const ask = async (authorization?: string) =>
      (await fetch(`${other.url}/metrics`, authorization === undefined ? {} : { headers: { authorization } }))
        .status
    expect(await Promise.all([ask(), ask('Bearer wrong'), ask('Bearer a-token-for-metrics')])).toEqual([
      401, 401, 200,
    ])
    await other.remove()
  })
})
