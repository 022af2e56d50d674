// Guarantee (SSRF-01, -02, -06, -08): a webhook leads to public addresses by https, and elsewhere only where the operator
// lists the range; decided on the address that is dialled, which is asked for once.
import { describe, expect, it, vi } from 'vitest'
import { createWebhookTargets, type WebhookTargetOptions } from './webhook-targets.ts'

const names: Record<string, readonly string[]> = {
  'public.example': ['93.184.215.14'],
  'inside.example': ['10.0.0.7'],
  'both.example': ['10.0.0.7', '93.184.215.14'],
  'hub.example': ['93.184.215.15'],
}
const resolve: WebhookTargetOptions['resolve'] = async (host) => {
  if (/^[\d.]+$|:/.test(host)) return [host]
  if (/^localhost\.?$/.test(host)) return ['127.0.0.1', '::1']
  const known = names[host]
  if (known === undefined) throw new Error('does not resolve')
  return known
}
const check = async (url: string, allowPrivateTargets: readonly string[] = []) =>
  createWebhookTargets({
    direct: { allowPrivateTargets, ownPorts: [7300] },
    ownHosts: ['hub.example', 'localhost:7300'],
    resolve,
  }).mayCall({ workspaceId: 'ws_1', url: new URL(url).href })

describe('mayCall', () => {
  it.each([
    'https://127.0.0.1/',
    'https://0.0.0.0/',
    'https://[::1]/',
    'https://[::]/',
    'https://localhost./',
    'https://127.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://127。0。0。1/',
    'https://①②⑦.0.0.1/',
    'https://[::ffff:169.254.169.254]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:a9fe:a9fe::]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://100.64.0.1/',
    'https://192.0.0.1/',
    'https://198.18.0.1/',
    'https://224.0.0.1/',
    'https://240.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://inside.example/',
    'http://public.example/',
    'http://both.example/',
    'http://unknown.example/',
    'https://hub.example/v1/webhooks',
    'https://hub.example./v1/webhooks',
    'https://HUB.example.:443/v1/webhooks',
    'http://localhost:7300/metrics',
  ])('refuses %s', async (url) => {
    expect(await check(url)).toBe(false)
  })

  it('takes public https, and a name that has no address yet', async () => {
    expect(await check('https://public.example/hook')).toBe(true)
    expect(await check('https://later.example/')).toBe(true)
  })

  it('takes what the operator lists, by http too, but never the hub’s own ports', async () => {
    const allowed = ['10.0.0.0/8', '127.0.0.0/8']
    for (const url of ['http://inside.example/', 'https://10.1.2.3/', 'http://127.0.0.1:8080/']) {
      expect(await check(url, allowed)).toBe(true)
    }
    for (const url of ['http://127.0.0.1:7300/', 'http://public.example/', 'https://192.168.0.1/']) {
      expect(await check(url, allowed)).toBe(false)
    }
  })
})

describe('dial', () => {
  it('asks for a name once and dials no answer that may not be', async () => {
    const answers = vi.fn(async () => ['10.0.0.7'])
    const targets = createWebhookTargets({ direct: {}, ownHosts: [], resolve: answers })
    const target = { workspaceId: 'ws_1', url: 'https://rebinds.example/' }
    await expect(targets.dial(target, AbortSignal.timeout(1000))).rejects.toMatchObject({
      code: 'upstream.refused',
    })
    expect(answers).toHaveBeenCalledTimes(1)
  })

  it('goes in clear only to what the operator lists, whatever the name leads to by now', async () => {
    const answers = vi.fn(async (): Promise<readonly string[]> => ['93.184.215.14'])
    const direct = { allowPrivateTargets: ['10.0.0.0/8'] }
    const targets = createWebhookTargets({ direct, ownHosts: [], resolve: answers })
    const target = { workspaceId: 'ws_1', url: 'http://inside.example/' }
    // Nothing is connected to: what is not refused for its address fails by the signal.
    const dial = async () => targets.dial(target, AbortSignal.abort())
    await expect(dial()).rejects.toThrow('no address that may be dialled')
    answers.mockResolvedValue(['10.0.0.7'])
    await expect(dial()).rejects.not.toThrow('no address that may be dialled')
  })

  it('never goes to the hub itself, nor anywhere but by http', async () => {
    const targets = createWebhookTargets({
      direct: { allowPrivateTargets: ['127.0.0.0/8'] },
      ownHosts: ['localhost:7300'],
      resolve,
    })
    const urls = [
      'http://localhost:7300/metrics',
      'http://localhost.:7300/',
      'ftp://localhost/',
      'file:///etc/passwd',
    ]
    for (const url of urls) {
      const target = { workspaceId: 'ws_1', url }
      await expect(targets.dial(target, AbortSignal.abort())).rejects.toThrow('not to be called')
    }
  })
})
