import { readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import type { Protocol } from 'electron'
import { originOf } from './answer-ipc.ts'
import { apiPath } from './forward-api.ts'

/** The window's own origin. Unlike file:, it has same-origin rules, and takes response headers. */
export const appOrigin = 'app://private-connect'

/** The one style that the components' library adds by itself; the hub's pages allow the same. */
const libraryStyle = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='"

/** Nothing but the app's own files, and the hub's API at the same origin: no connection elsewhere, no inline script. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' ${libraryStyle}`,
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Answers one kind of the window's requests. */
export type AnswerRequest = (request: Request) => Promise<Response>

export interface AppAnswers {
  /** Calls of the hub. */
  readonly api: AnswerRequest
  /** Everything else. */
  readonly files: AnswerRequest
}

/**
 * Must run before the app is ready: Chromium fixes the schemes' privileges when it starts. `stream` lets answers, such as
 * event streams, come piece by piece.
 */
export function registerAppScheme(protocol: Pick<Protocol, 'registerSchemesAsPrivileged'>): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true }
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges }])
}

/** Serves the window at its own origin, and nothing at any other. */
export function serveApp(protocol: Pick<Protocol, 'handle'>, answers: AppAnswers): void {
  protocol.handle('app', (request) => answerAppRequest(request, answers))
}

export async function answerAppRequest(request: Request, { api, files }: AppAnswers): Promise<Response> {
  if (originOf(request.url) !== appOrigin) return notFound()
  return new URL(request.url).pathname.startsWith(apiPath) ? api(request) : files(request)
}

/** The window as it was built, from `rendererDir` and nothing outside of it. */
export function builtFiles(rendererDir: string): AnswerRequest {
  return async (request) => {
    const file = findFile(request, rendererDir)
    const body = file === null ? null : await readFile(file).catch(() => null)
    if (file === null || body === null) return notFound()
    return new Response(new Uint8Array(body), { headers: headersFor(extname(file)) })
  }
}

/** The window as `npm run dev` serves it, with what its live updates need: none of this policy. */
export function developmentFiles(url: string, fetch: typeof globalThis.fetch): AnswerRequest {
  return (request) => {
    const { pathname, search } = new URL(request.url)
    // Put together as text: a path such as `//elsewhere` would name another host.
    return fetch(new URL(url).origin + pathname + search)
  }
}

function findFile(request: Request, rendererDir: string): string | null {
  if (request.method !== 'GET') return null
  const { pathname } = new URL(request.url)
  const path = decodePath(pathname === '/' ? '/index.html' : pathname)
  if (path === null || mediaTypes[extname(path)] === undefined) return null
  const file = join(rendererDir, path)
  return file.startsWith(rendererDir + sep) ? file : null
}

function decodePath(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname)
    return path.includes('\0') ? null : path
  } catch {
    return null
  }
}

function notFound(): Response {
  return new Response('Not found', { status: 404, headers: headersFor('') })
}

function headersFor(extension: string): Record<string, string> {
  return {
    'content-type': mediaTypes[extension] ?? 'text/plain; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
}
