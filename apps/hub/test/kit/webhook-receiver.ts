import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedDelivery {
  readonly id: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly path: string
  readonly atMs: number
}

export interface WebhookReceiver {
  readonly url: string
  readonly port: number
  readonly received: ReceivedDelivery[]
  /** Requests that are being answered, and the most of them at once. */
  readonly open: { now: number; max: number }
  /** How it answers from now on; a status, or whatever else. */
  answer: number | ((response: ServerResponse, delivery: ReceivedDelivery) => void | Promise<void>)
  close(): Promise<void>
}

/** An endpoint that keeps what it is sent, on a free port unless one is named. */
export async function startWebhookReceiver(
  nowMs: () => number = Date.now,
  atPort = 0,
): Promise<WebhookReceiver> {
  const received: ReceivedDelivery[] = []
  const open = { now: 0, max: 0 }
  const server = createServer((request, response) => {
    // Not everything on this machine that asks an open port is a hub: the app looks what listens there.
    if (request.headers['webhook-id'] === undefined) response.writeHead(404).end()
    else take(request, response)
  }).listen(atPort, '127.0.0.1')
  function take(request: IncomingMessage, response: ServerResponse): void {
    open.now += 1
    open.max = Math.max(open.max, open.now)
    response.once('close', () => (open.now -= 1))
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.once('end', () => {
      const { headers, url: path = '' } = request
      const delivery = { id: String(headers['webhook-id']), headers, body, path, atMs: nowMs() }
      received.push(delivery)
      const { answer } = receiver
      if (typeof answer === 'number') response.writeHead(answer).end()
      else void answer(response, delivery)
    })
  }
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    received,
    open,
    answer: 204,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}
