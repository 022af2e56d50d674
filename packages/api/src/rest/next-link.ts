import type { RestRequest } from './read-input.ts'

interface NextPage {
  readonly request: RestRequest
  readonly nextCursor: string
}

/** The `Link` header's value (RFC 8288) that names the next page: the same request with the next cursor. */
export function nextLink(origin: string, path: string, { request, nextCursor }: NextPage): string {
  const filled = path.replaceAll(/:(\w+)/g, (_match, name: string) =>
    encodeURIComponent(request.params[name] ?? ''),
  )
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query)) {
    if (name === 'cursor' || value === undefined) continue
    for (const one of typeof value === 'string' ? [value] : value) query.append(name, one)
  }
  query.set('cursor', nextCursor)
  return `<${origin}${filled}?${query.toString()}>; rel="next"`
}
