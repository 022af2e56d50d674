import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { checkHub } from './check-hub.ts'
import { createHubApi } from './hub-api.ts'

/** What answers at an address that somebody typed in is read no further than a hub's answer goes, and gets no credential by a detour. */
const servers: Server[] = []

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

describe('what answers in place of a hub', () => {
  it.each(['application/json', 'text/html'])('is left when its %s has no end', async (type) => {
    let sentBytes = 0
    const closed = vi.fn()
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': type })
      const chunk = Buffer.alloc(65_536, ' ')
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length
      }
      response.on('drain', more).on('close', closed)
      more()
    })
    await expect(checkHub(url, fetch)).rejects.toMatchObject({ kind: 'hubUnreachable' })
    await vi.waitFor(() => expect(closed).toHaveBeenCalled(), { timeout: 10_000 })
    expect(sentBytes).toBeLessThan(64 * 1024 * 1024)
  })

  it('gets no credential by a redirect', async () => {
    const stranger = vi.fn()
    const elsewhere = await serve((request, response) => {
      stranger(request.headers)
      response.end()
    })
    const hubUrl = await serve((_request, response) => {
      response.writeHead(307, { location: `${elsewhere}/trpc/auth.me` }).end()
    })
    const api = createHubApi({ hubUrl, fetch, authorization: { authorization: 'Bearer sess_x' } })
    await expect(api.call(async ({ auth }) => auth.me.query({}))).rejects.toMatchObject({
      kind: 'hubUnreachable',
    })
    expect(stranger).not.toHaveBeenCalled()
  })
})
