import { readFileSync } from 'node:fs'
import { pageStyle, renderLayout } from '@private-connect/proxy/serve'
import type { FastifyInstance } from 'fastify'

const html = 'text/html; charset=utf-8'
const javascript = 'text/javascript; charset=utf-8'

const read = (file: string): string => readFileSync(new URL(`../pages/${file}`, import.meta.url), 'utf8')

/** A page's own part in the layout that all pages share. */
function readPage(name: 'sign-in' | 'device', title: string): string {
  const script = `<script type="module" src="/assets/${name}.js"></script>`
  return renderLayout({
    title,
    head: `<link rel="icon" href="data:,">\n<link rel="stylesheet" href="/assets/page.css">\n${script}`,
    main: read(`${name}.html`),
  })
}

/** The hub's own few pages. They are small and fixed, so they are read once. */
export function addPages(app: FastifyInstance): void {
  const signIn = readPage('sign-in', 'Sign in · Private Connect')
  const files: ReadonlyArray<readonly [url: string, type: string, content: string]> = [
    ['/signin', html, signIn],
    ['/register', html, signIn],
    ['/device', html, readPage('device', 'Let a device in · Private Connect')],
    ['/assets/sign-in.js', javascript, read('sign-in.js')],
    ['/assets/device.js', javascript, read('device.js')],
    ['/assets/call-hub.js', javascript, read('call-hub.js')],
    ['/assets/page.css', 'text/css; charset=utf-8', pageStyle + read('page.css')],
  ]
  for (const [url, type, content] of files) {
    app.get(url, async (_request, reply) =>
      reply.type(type).header('cache-control', 'no-store').send(content),
    )
  }
}
