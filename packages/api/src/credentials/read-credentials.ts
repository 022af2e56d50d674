import { AppError } from '@private-connect/errors'
import { readCookieValues } from './read-cookie.ts'
import { isToken } from './tokens.ts'

/** Header values as node:http gives them: lower-case names. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a request presents, told apart by form only; nothing of it is proven yet. */
export interface PresentedCredentials {
  readonly apiKey: string | null
  readonly session: string | null
  /** Whether the session came as a cookie, which a browser sends without being asked. */
  readonly isFromCookie: boolean
}

/**
 * Reads `x-api-key`, `Authorization: Bearer` and the cookie `session`. Each may carry one value: two that
 * differ are refused (`auth.invalid`) rather than one of them chosen. The query is never looked at.
 */
export function readCredentials(headers: RequestHeaders): PresentedCredentials {
  const key = checkKey(readSingle(headers['x-api-key']))
  const bearer = readBearer(readSingle(headers['authorization']))
  const cookie = readSessionCookie(readSingle(headers['cookie']) ?? '')
  return {
    apiKey: chooseSame(key, bearer.apiKey),
    session: chooseSame(bearer.session, cookie),
    isFromCookie: bearer.session === null && cookie !== null,
  }
}

function checkKey(text: string | null): string | null {
  if (text !== null && !isToken('apiKey', text)) throw new AppError('auth.invalid')
  return text
}

function readSingle(value: string | readonly string[] | undefined): string | null {
  if (value === undefined) return null
  if (typeof value === 'string') return value
  const [first, ...others] = value
  if (others.some((other) => other !== first)) throw new AppError('auth.invalid')
  return first ?? null
}

/** `Bearer` followed by an API key or by a device's session. */
function readBearer(authorization: string | null): { apiKey: string | null; session: string | null } {
  if (authorization === null) return { apiKey: null, session: null }
  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
  return isToken('session', token)
    ? { apiKey: null, session: token }
    : { apiKey: checkKey(token), session: null }
}

/**
 * The value of `session` where it is one of ours. Cookies do not know ports, so on localhost another app's
 * cookie of that name arrives here too: it is no credential. Two values, though, are an attempt to mix them.
 */
function readSessionCookie(header: string): string | null {
  const [value, ...others] = readCookieValues(header, 'session')
  if (others.length > 0) throw new AppError('auth.invalid')
  return value !== undefined && isToken('session', value) ? value : null
}

function chooseSame(first: string | null, second: string | null): string | null {
  if (first !== null && second !== null && first !== second) throw new AppError('auth.invalid')
  return first ?? second
}
