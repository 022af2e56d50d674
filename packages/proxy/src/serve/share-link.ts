import type { IncomingMessage } from 'node:http'
import { isShareToken, tokenLength, tokenOfLabel } from './share-token.ts'

/** Where in the hub's address space a request landed, and the part of its target that belongs to the shared app. */
export interface ShareLink {
  /** `query`: below `/api/shared/<token>`, where only queries are. */
  readonly form: 'path' | 'subdomain' | 'query'
  /** null: not of a token's form; such a request is answered without a look-up. */
  readonly token: string | null
  /** Raw, in origin-form; empty when the request's target was in no form that we take, which is refused later. */
  readonly target: string
  /** What precedes `target` on the visitor's side: `/shared/<token>`, `/api/shared/<token>`, or nothing. */
  readonly prefix: string
  /** `/shared/<token>` without the slash that relative links need. */
  readonly isSlashMissing: boolean
}

export interface ShareLinkMatcher {
  /** Whether a request is share traffic. The host decides before any path. */
  claims(request: IncomingMessage): boolean
  match(host: string, rawTarget: string): ShareLink
}

const pathFormStart = '/shared/'
const queryFormStart = '/api/shared/'
const shareLabel = /(?:^|\.)share[-_]tok[-_]/
const absoluteForm = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/is

export function createShareLinkMatcher(shareDomain: string | null): ShareLinkMatcher {
  const suffix = shareDomain === null ? null : `.${withoutPort(shareDomain.toLowerCase())}`
  return {
    claims(request) {
      const target = request.url ?? ''
      if (isBelowShares(target) || isShareHost(request.headers.host ?? '')) return true
      return target.charCodeAt(0) !== 47 && isBelowShares(pathOf(target))
    },
    match(host, rawTarget) {
      const target = originForm(rawTarget, host)
      const link = isShareHost(host)
        ? matchHost(host, target ?? '', suffix)
        : matchPath(target ?? pathOf(rawTarget))
      return target === null ? { ...link, target: '' } : link
    },
  }
}

/**
 * Every host with a share's label in it is a share's host, even below a foreign domain or a further label: such a
 * request never reaches the hub's own pages, and matchHost lets only the exact form through.
 */
function isShareHost(host: string): boolean {
  return host.length > tokenLength - 26 && shareLabel.test(host.toLowerCase())
}

function matchHost(host: string, target: string, suffix: string | null): ShareLink {
  const name = withoutPort(host.toLowerCase())
  const bare = name.endsWith('.') ? name.slice(0, -1) : name
  const token = suffix !== null && bare.endsWith(suffix) ? tokenOfLabel(bare.slice(0, -suffix.length)) : null
  return { form: 'subdomain', token, target, prefix: '', isSlashMissing: false }
}

function isBelowShares(target: string): boolean {
  return target.startsWith(pathFormStart) || target.startsWith(queryFormStart)
}

function matchPath(target: string): ShareLink {
  const isQuery = target.startsWith(queryFormStart)
  const form = isQuery ? 'query' : 'path'
  const start = isQuery ? queryFormStart : pathFormStart
  const end = start.length + tokenLength
  const text = target.slice(start.length, end)
  const next = target.charAt(end)
  if (!target.startsWith(start) || !isShareToken(text) || !(next === '' || '/?#'.includes(next))) {
    return { form, token: null, target, prefix: '', isSlashMissing: false }
  }
  const isSlashMissing = next !== '/'
  return {
    form,
    token: text,
    target: isSlashMissing ? `/${target.slice(end)}` : target.slice(end),
    prefix: target.slice(0, end),
    isSlashMissing,
  }
}

/**
 * The origin-form of a request target. An absolute-form is taken only when its authority is the Host (RFC 9112 lets
 * it override the Host header, so that two readers of one request could otherwise disagree).
 */
function originForm(rawTarget: string, host: string): string | null {
  if (rawTarget.charCodeAt(0) === 47) return rawTarget
  const parts = absoluteForm.exec(rawTarget)
  if (parts?.[1]?.toLowerCase() !== host.toLowerCase()) return null
  const rest = parts[2] ?? ''
  return rest.startsWith('/') ? rest : `/${rest}`
}

function pathOf(rawTarget: string): string {
  return absoluteForm.exec(rawTarget)?.[2] ?? rawTarget
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '')
}
