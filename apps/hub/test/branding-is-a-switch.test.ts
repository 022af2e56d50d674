// Guarantee: a workspace's branding, and its name, hold for the banner from the next request on after the change returned.
import { createServer, get, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInnerHub, type InnerHub } from './kit/hub-in-process.ts'
import { shareDirectly } from './kit/share.ts'

const page = '<!doctype html><title>x</title><p>hello'
let app: Server
let hub: InnerHub
beforeAll(async () => {
  app = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  }).listen(0, '127.0.0.1')
  hub = await startInnerHub()
}, 60_000)
afterAll(async () => {
  await hub?.remove()
  app.closeAllConnections()
  app.close()
})

/** As curl would: says nothing of what it is for. */
function getPlainly(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (answer) => {
      let text = ''
      answer.on('data', (piece) => (text += String(piece)))
      answer.on('end', () => resolve(text))
    }).on('error', reject)
  })
}

describe('the branding of a workspace', () => {
  it('is on until it is turned off, and follows its name', async () => {
    const share = await shareDirectly(hub, (app.address() as AddressInfo).port)
    const visit = async (): Promise<string> => (await fetch(`${share.shareUrl}/`)).text()
    const change = async (body: object): Promise<void> => {
      expect((await hub.api('PATCH', '/v1/workspace', body)).status).toBe(200)
    }
    // fetch says what it is, so that this is no page that is navigated to.
    expect(await visit()).toBe(page)
    const navigate = (): Promise<string> => getPlainly(`${share.shareUrl}/`)
    await change({ name: 'northern & lights' })
    expect(await navigate()).toMatch(
      /<p>Shared with <b>Private Connect<\/b> by <bdi>northern &#38; lights<\/bdi>/,
    )
    await change({ showsBranding: false })
    expect(await navigate()).toBe(page)
    await change({ showsBranding: true })
    expect(await navigate()).toMatch(/<private-connect-banner>/)
  }, 60_000)
})
