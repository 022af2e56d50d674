import type { Guess } from './guess.ts'

/** What a port said when it was asked for its first page: the first bytes of it. */
export interface PortAnswer {
  /** Where it answered. */
  readonly host: string
  /** As text, one character a byte; empty where it said nothing. */
  readonly text: string
}

/** Found in the page, the particular before the general: pages of Astro have Vite's client too. */
const pages: readonly (readonly [RegExp, string])[] = [
  [/\/_next\/|__NEXT_DATA__/, 'Next.js'],
  [/\/_nuxt\/|id="__nuxt"/, 'Nuxt'],
  [/<astro-|\/@id\/astro|content="Astro/, 'Astro'],
  [/__sveltekit|data-sveltekit/, 'SvelteKit'],
  [/__reactRouterContext|__remixContext/, 'React Router'],
  [/id="___gatsby"/, 'Gatsby'],
  [/<title>[^<]*Storybook/i, 'Storybook'],
  [/\/@vite\/client/, 'Vite'],
  [/ ng-version="|<app-root>/, 'Angular'],
  [/content="WordPress/, 'WordPress'],
  [/content="Hugo/, 'Hugo'],
  [/content="Jekyll/, 'Jekyll'],
  [/content="Docusaurus/, 'Docusaurus'],
  [/Whitelabel Error Page|\{"timestamp":"[^"]+","status":\d{3},"error":"[^"]+"/, 'Spring Boot'],
  [/<title>[^<]*Jupyter/, 'Jupyter'],
  [/"cluster_name"\s*:\s*"[^"]*"[\s\S]*"lucene_version"/, 'Elasticsearch'],
]

/** Found in the headers. */
const headers: readonly (readonly [RegExp, string])[] = [
  [/^x-powered-by: *next\.js/im, 'Next.js'],
  [/^x-powered-by: *nuxt/im, 'Nuxt'],
  [/^x-powered-by: *express/im, 'Express'],
  [/^set-cookie: *laravel_session=/im, 'Laravel'],
  [/^x-powered-by: *php/im, 'PHP'],
  [/^x-powered-by: *asp\.net|^server: *(kestrel|microsoft-iis)/im, 'ASP.NET Core'],
  [/^server: *wsgiserver\/.* cpython/im, 'Django'],
  [/^set-cookie: *csrftoken=/im, 'Django'],
  [/^server: *werkzeug/im, 'Flask'],
  [/^server: *tornadoserver/im, 'Tornado'],
  [/^server: *uvicorn/im, 'Uvicorn'],
  [/^server: *gunicorn/im, 'Gunicorn'],
  [/^server: *simplehttp/im, 'Python web server'],
  [/^x-runtime: *[\d.]+\r?$[\s\S]*^x-request-id:|^x-request-id:[\s\S]*^x-runtime: *[\d.]+\r?$/im, 'Rails'],
  [/^server: *webrick/im, 'WEBrick'],
  [/^server: *cowboy/im, 'Phoenix'],
  [/^server: *jetty/im, 'Jetty'],
  [/^server: *caddy/im, 'Caddy'],
  [/^server: *(nginx|openresty)/im, 'nginx'],
  [/^server: *apache/im, 'Apache'],
  [/^server: *minio/im, 'MinIO'],
]

/** What speaks first, or answers something else than HTTP. */
const protocols: readonly (readonly [RegExp, Guess])[] = [
  [/^SSH-/, { framework: 'SSH', kind: 'other' }],
  [/^.{4}\n[\d.]+-MariaDB|^.{5}[\d.]+-[\d.]+-MariaDB/s, { framework: 'MariaDB', kind: 'database' }],
  [/^.{3}\0\n\d+\.\d+/s, { framework: 'MySQL', kind: 'database' }],
  [/^-ERR /, { framework: 'Redis', kind: 'database' }],
  [/^220[ -].*(smtp|mail)/i, { framework: 'Mail', kind: 'other' }],
  [/^RFB \d/, { framework: 'Screen sharing', kind: 'other' }],
]

/** It wants a handshake. */
const tlsAlert = '\u0015\u0003'

/** By what the port answered. */
export function guessByAnswer({ text }: PortAnswer): Guess {
  const protocol = protocols.find(([pattern]) => pattern.test(text))
  if (protocol !== undefined) return protocol[1]
  if (text.startsWith(tlsAlert)) return { framework: 'HTTPS', kind: 'web' }
  if (!/^HTTP\/1\.[01] \d{3}/.test(text)) return { framework: null, kind: 'other' }
  const end = text.indexOf('\r\n\r\n')
  const head = end === -1 ? text : text.slice(0, end)
  const body = end === -1 ? '' : text.slice(end)
  const found =
    pages.find(([pattern]) => pattern.test(body)) ?? headers.find(([pattern]) => pattern.test(head))
  return { framework: found?.[1] ?? null, kind: 'web' }
}
