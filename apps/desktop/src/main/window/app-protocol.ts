import { readFile } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import type { Protocol } from 'electron'

/** The window's own origin. Unlike file:, it has same-origin rules, and takes response headers. */
export const appOrigin = 'app://private-connect'

/** Nothing but the app's own files, no connection anywhere, no inline script or style. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
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

/** Must run before the app is ready: Chromium fixes the schemes' privileges when it starts. */
export function registerAppScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
}

/** Serves the built window from `rendererDir`, and nothing outside of it. */
export function serveApp(protocol: Protocol, rendererDir: string): void {
  protocol.handle('app', (request) => answerAppRequest(request, rendererDir))
}

export async function answerAppRequest(request: Request, rendererDir: string): Promise<Response> {
  const file = findFile(request, rendererDir)
  const body = file === null ? null : await readFile(file).catch(() => null)
  if (file === null || body === null)
    return new Response('Not found', { status: 404, headers: headersFor('') })
  return new Response(new Uint8Array(body), { headers: headersFor(extname(file)) })
}

function findFile(request: Request, rendererDir: string): string | null {
  const { origin, host, protocol, pathname } = new URL(request.url)
  // Node gives non-special schemes the origin "null", Chromium does not.
  if (origin !== appOrigin && `${protocol}//${host}` !== appOrigin) return null
  if (request.method !== 'GET') return null
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

function headersFor(extension: string): Record<string, string> {
  return {
    'content-type': mediaTypes[extension] ?? 'text/plain; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
}
