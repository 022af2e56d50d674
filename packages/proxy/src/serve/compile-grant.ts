import { isIPv6 } from 'node:net'
import { compilePathPattern, type PathPattern } from './policy/path-pattern.ts'
import type { ShareGrant } from './share-grant.ts'

/** A grant with everything that would otherwise be worked out again for each request. */
export interface CompiledGrant {
  readonly grant: ShareGrant
  readonly paths: readonly PathPattern[] | null
  /** Methods that pass, HEAD with GET; null: all. */
  readonly methods: ReadonlySet<string> | null
  /** The Allow header of a 405. */
  readonly allow: string
  /** `host:port` of the target, as its Host header. */
  readonly targetAuthority: string
  /** Every spelling of the target's origin, in lower case: with either scheme, and without a default port. */
  readonly targetOrigins: readonly string[]
  /** Percent-encoded outside printable ASCII, so that it is a legal header value. */
  readonly shareNameHeader: string
}

const compiled = new WeakMap<ShareGrant, CompiledGrant>()

/** Throws a RangeError when a stored pattern cannot be compiled: such a share serves nothing. */
export function compileGrant(grant: ShareGrant): CompiledGrant {
  const known = compiled.get(grant)
  if (known !== undefined) return known
  const fresh = compile(grant)
  compiled.set(grant, fresh)
  return fresh
}

function compile(grant: ShareGrant): CompiledGrant {
  const { targetHost, targetPort, protocol } = grant.service
  const host = isIPv6(targetHost) ? `[${targetHost}]` : targetHost
  const methods = grant.allowedMethods === null ? null : new Set<string>(grant.allowedMethods)
  if (methods?.has('GET') === true) methods.add('HEAD')
  return {
    grant,
    paths: grant.allowedPaths?.map(compilePathPattern) ?? null,
    methods,
    allow: methods === null ? 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' : [...methods].join(', '),
    targetAuthority: `${host}:${targetPort}`,
    targetOrigins: originsOf(host.toLowerCase(), targetPort, protocol === 'https'),
    shareNameHeader: encodeHeaderText(grant.name),
  }
}

/** The first one is what `Origin` and `Referer` are rewritten to: a browser leaves a default port out. */
function originsOf(host: string, port: number, isTls: boolean): readonly string[] {
  const all = [`http://${host}:${port}`, `https://${host}:${port}`]
  if (port === 80) all.unshift(`http://${host}`)
  if (port === 443) all.unshift(`https://${host}`)
  const scheme = isTls || port === 443 ? 'https:' : 'http:'
  return [...all.filter((origin) => origin.startsWith(scheme)), ...all.filter((o) => !o.startsWith(scheme))]
}

function encodeHeaderText(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]+/gu, encodeURIComponent)
}
