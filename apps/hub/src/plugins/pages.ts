import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'

const files = [
  { url: '/', file: 'home.html', type: 'text/html; charset=utf-8' },
  { url: '/signin', file: 'sign-in.html', type: 'text/html; charset=utf-8' },
  { url: '/register', file: 'sign-in.html', type: 'text/html; charset=utf-8' },
  { url: '/assets/sign-in.js', file: 'sign-in.js', type: 'text/javascript; charset=utf-8' },
  { url: '/device', file: 'device.html', type: 'text/html; charset=utf-8' },
  { url: '/assets/device.js', file: 'device.js', type: 'text/javascript; charset=utf-8' },
  { url: '/assets/call-hub.js', file: 'call-hub.js', type: 'text/javascript; charset=utf-8' },
  { url: '/assets/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
] as const

/** The hub's own few pages. They are small and fixed, so they are read once. */
export function addPages(app: FastifyInstance): void {
  for (const { url, file, type } of files) {
    const content = readFileSync(new URL(`../pages/${file}`, import.meta.url))
    app.get(url, async (_request, reply) =>
      reply.type(type).header('cache-control', 'no-store').send(content),
    )
  }
}
