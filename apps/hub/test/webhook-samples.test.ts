// Guarantee: the samples in docs/webhooks.md accept what the hub signs, and nothing that was changed, is old, or is signed
// by somebody else; the request that is shown there is signed by the secret that is shown beside it.
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { signDelivery } from '../src/webhooks/sign-delivery.ts'
import { makeTemporaryFolder, repositoryRoot } from './kit/processes.ts'
import { webhookSecret } from './kit/webhook-world.ts'

const run = promisify(execFile)
const folder = makeTemporaryFolder()
afterAll(() => folder.remove())

const document = readFileSync(join(repositoryRoot, 'docs/webhooks.md'), 'utf8')
const sampleOf = (language: string) =>
  new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(document)?.[1] ?? ''

interface Request {
  readonly secret: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Each reads a request on its command line, and prints the event's type. */
const programs = {
  node: {
    file: 'sample.mjs',
    code: `${sampleOf('js')}
const { secret, headers, body } = JSON.parse(process.argv[2])
console.log(verifyWebhook(secret, headers, body).event)`,
    command: process.execPath,
  },
  python: {
    file: 'sample.py',
    code: `${sampleOf('python')}
import sys
request = json.loads(sys.argv[1])
print(verify_webhook(request["secret"], request["headers"], request["body"].encode())["event"])`,
    command: '/usr/bin/python3',
  },
}

describe.each(Object.entries(programs))('the sample for %s', (_, { file, code, command }) => {
  const path = join(folder.path, file)
  writeFileSync(path, code)
  const verify = async (request: Request): Promise<string> => {
    const { stdout } = await run(command, [path, JSON.stringify(request)])
    return stdout.trim()
  }
  const body = JSON.stringify({ event: 'share.accessed', data: { shareName: 'größer' }, id: 'evt_1', seq: 1 })
  const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
  const signed = (secrets: string[], nowMs = Date.now()) =>
    signDelivery({ id: 'evt_1', body, nowMs, secrets })

  it('accepts what the hub signs, by either secret during a rotation', async () => {
    expect(await verify({ secret: webhookSecret, headers: signed([webhookSecret]), body })).toBe(
      'share.accessed',
    )
    const headers = signed([other, webhookSecret])
    expect(await verify({ secret: webhookSecret, headers, body })).toBe('share.accessed')
  })

  it('refuses all else', async () => {
    const headers = signed([webhookSecret])
    const secret = webhookSecret
    const refused: Request[] = [
      { secret, headers, body: body.replace('accessed', 'revoked') },
      { secret, headers: { ...headers, 'webhook-id': 'evt_2' }, body },
      { secret, headers: signed([other]), body },
      { secret, headers: signed([webhookSecret], Date.now() - 600_000), body },
      { secret, headers: signed([webhookSecret], Date.now() + 600_000), body },
      { secret, headers: { ...headers, 'webhook-signature': 'v1,AAAA' }, body },
      { secret, headers: { ...headers, 'webhook-signature': `v1a,${'ä'.repeat(9)} v1,ä v1,` }, body },
      { secret, headers: { ...headers, 'webhook-timestamp': 'now' }, body },
      { secret, headers: {}, body },
    ]
    const stderr = expect.stringMatching(/Error: The webhook (is too old|has no valid signature)/)
    for (const request of refused) await expect(verify(request)).rejects.toMatchObject({ stderr })
  })
})

it('the request that is shown is signed by the secret that is shown', () => {
  const [, head = '', body = ''] = /```http\n([\s\S]*?)\n\n(\{.*\})\n```/.exec(document) ?? []
  const headers = Object.fromEntries(
    head
      .split('\n')
      .slice(1)
      .map((line) => line.split(': ')),
  )
  const [secret = ''] = /whsec_[A-Za-z0-9+/]{43}=/.exec(document) ?? []
  const { id, event, data } = JSON.parse(body) as { id: string; event: string; data: { timestamp: string } }
  const nowMs = Number(headers['webhook-timestamp']) * 1000
  expect(headers).toMatchObject(signDelivery({ id, body, nowMs, secrets: [secret] }))
  expect([event, Date.parse(data.timestamp)]).toEqual(['share.accessed', nowMs])
})
