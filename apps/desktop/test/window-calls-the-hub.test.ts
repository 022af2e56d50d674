// Guarantee: what the window asks of the hub goes there by the main process and with its credential, for the window's own top frame
// alone; answers stream, and what the window leaves ends at the hub. Seen in a real Electron 33.2.1, whose schemes, EventSource
// and fetch are what this stands on.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { launchWindowApp, type WindowApp } from './kit/window-app.ts'

const deadline = { timeout: 10_000 }
let window: WindowApp
let page: Page
let server: Server
let answer: (request: IncomingMessage, response: ServerResponse) => void
let arrived: IncomingMessage[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    arrived.push(request)
    answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  window = await launchWindowApp()
  page = window.page
  await page.getByRole('heading', { name: 'Sign in to your hub' }).waitFor()
  const access = {
    hubUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorization: { authorization: 'Bearer sess_of_the_app' },
  }
  await window.app.evaluate((_electron, access) => {
    globalThis.parts.desktop.access = access
  }, access)
})

beforeEach(() => {
  arrived = []
})

afterAll(async () => {
  await window?.close()
  server?.closeAllConnections()
  server?.close()
})

/** Begins an event stream, and tells when the other side has left. */
function streamEvents(): { readonly send: (text: string) => void; readonly left: () => Promise<void> } {
  let send: (text: string) => void = () => undefined
  let hasLeft = false
  answer = (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'session=sess_x' })
    send = (text) => void response.write(text)
    send(`id: 7\ndata: ${String(request.headers['last-event-id'] ?? 'first')}\n\n`)
    response.on('close', () => (hasLeft = true))
  }
  // Without the signal it would take until the garbage is collected.
  const left = async (): Promise<void> => vi.waitFor(() => expect(hasLeft).toBe(true), { timeout: 5_000 })
  return { send: (text) => send(text), left }
}

describe('an event stream', () => {
  it('arrives event by event, by the credential that the page never sees, and ends when it is closed', async () => {
    const stream = streamEvents()
    const source = await page.evaluateHandle(() => {
      const source = new EventSource('/trpc/events.stream')
      const heard: string[] = []
      source.addEventListener('message', ({ data }: MessageEvent<string>) => heard.push(data))
      return { source, heard }
    })
    const heard = async () => source.evaluate(({ heard }) => heard)
    await vi.waitFor(async () => expect(await heard()).toEqual(['first']), deadline)
    stream.send('data: second\n\n')
    await vi.waitFor(async () => expect(await heard()).toEqual(['first', 'second']), deadline)
    expect(arrived[0]?.headers).toMatchObject({ authorization: 'Bearer sess_of_the_app' })
    expect(arrived[0]?.headers).not.toHaveProperty('cookie')
    expect(await page.evaluate(() => document.cookie)).toBe('')
    await source.evaluate(({ source }) => source.close())
    await stream.left()
  })

  it('goes on where it was once the hub is back', async () => {
    streamEvents()
    const source = await page.evaluateHandle(() => {
      const source = new EventSource('/trpc/events.stream')
      const heard: string[] = []
      source.addEventListener('message', ({ data }: MessageEvent<string>) => heard.push(data))
      return { source, heard }
    })
    const heard = async () => source.evaluate(({ heard }) => heard)
    await vi.waitFor(async () => expect(await heard()).toEqual(['first']), deadline)
    const { port } = server.address() as AddressInfo
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
    const log = async () => window.app.evaluate(() => globalThis.parts.log)
    // Not only lost, but tried in vain: an answer of any kind would have ended it for good.
    const refused = expect.stringContaining('The hub did not answer the window')
    await vi.waitFor(async () => expect(await log()).toContainEqual(refused), { timeout: 30_000 })
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
    const back = streamEvents()
    await vi.waitFor(async () => expect(await heard()).toEqual(['first', '7']), { timeout: 30_000 })
    await source.evaluate(({ source }) => source.close())
    await back.left()
  })

  it('ends with the page that began it', async () => {
    const stream = streamEvents()
    await page.evaluate(() => void fetch('/trpc/events.stream'))
    await vi.waitFor(() => expect(arrived).toHaveLength(1), deadline)
    await page.reload()
    await stream.left()
  })
})

describe('a call', () => {
  it('carries its body there and the answer back', async () => {
    answer = (request, response) => {
      let bytes = 0
      request.on('data', (chunk: Buffer) => (bytes += chunk.length))
      request.on('end', () =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ bytes })),
      )
    }
    const answers = await page.evaluate(async () => {
      const post = async (bytes: number) => {
        const answer = await fetch('/trpc/shares.create', { method: 'POST', body: 'x'.repeat(bytes) })
        return [answer.status, ((await answer.json()) as { bytes?: number }).bytes ?? null]
      }
      return [await post(200_000), await post(2_000_000)]
    })
    expect(answers).toEqual([
      [200, 200_000],
      [413, null],
    ])
  })

  it.each(['/v1/shares', '/trpc/', '/trpc/a/b', '/trpc/..%2fv1%2fkeys', '//127.0.0.1/trpc/auth.me'])(
    'of %s reaches no hub',
    async (target) => {
      answer = (_request, response) => response.end('{}')
      const status = await page.evaluate(
        async (target) =>
          fetch(target).then(
            ({ status }) => status,
            () => 0,
          ),
        target,
      )
      expect([0, 404]).toContain(status)
      expect(arrived).toEqual([])
    },
  )

  it('is the top frame’s own: no image, no frame and no page that is navigated to makes one', async () => {
    answer = (_request, response) => response.end('{}')
    const outcome = await page.evaluate(
      async () =>
        new Promise<string>((done) => {
          const image = new Image()
          image.addEventListener('load', () => done('loaded'))
          image.addEventListener('error', () => done('failed'))
          image.src = '/trpc/auth.logout'
        }),
    )
    const loaded = await window.app.evaluate(async ({ BrowserWindow }) => {
      const other = new BrowserWindow({ show: false })
      const outcome = await other.loadURL('app://private-connect/trpc/auth.me').then(
        () => 'loaded',
        () => 'failed',
      )
      other.destroy()
      return outcome
    })
    expect([outcome, loaded]).toEqual(['failed', 'failed'])
    expect(arrived).toEqual([])
  })
})
