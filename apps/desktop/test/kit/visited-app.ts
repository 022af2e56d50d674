import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface VisitedApp {
  readonly port: number
  /** How many of its event streams are open. */
  liveStreams(): number
  close(): Promise<void>
}

const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Summer menu</title>
<style>body { font: 17px/1.5 system-ui, sans-serif; margin: 12% auto; width: 26rem } h1 { font-size: 2rem } output { color: #17703c }</style>
<h1>Summer menu</h1><p>Cold cucumber soup, apricot tart. Orders today: <output>0</output></p><p id="line">connecting</p>
<script>
  const events = new EventSource('/orders')
  events.onmessage = (event) => { document.querySelector('output').textContent = event.data; line.textContent = 'live' }
  events.onerror = () => { line.textContent = 'cut' }
</script></html>`

/** A web app that somebody works on: a page, and a stream of events that stays open. */
export async function startVisitedApp(): Promise<VisitedApp> {
  const streams = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    if (request.url !== '/orders') {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(page)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
    streams.add(response)
    response.on('close', () => streams.delete(response))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    liveStreams: () => streams.size,
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}
