import { findMagicLink } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import type { ApiContext } from '../../context.ts'
import { isBrowserOf } from '../../credentials/browser-cookie.ts'
import { hashToken, isToken } from '../../credentials/tokens.ts'

/**
 * What a sign-in link would do, without using it up: whose account it names, and whether this is the browser that
 * asked for it. Throws `auth.link_invalid`, `request.rate_limited`.
 */
export async function inspectLink(ctx: ApiContext, { token }: { readonly token: string }) {
  ctx.refuseCrossSite()
  await ctx.ports.signIn.checkRate(ctx.ipAddress)
  const link = isToken('magicLink', token) ? await findMagicLink(ctx.db, hashToken(token)) : null
  if (link === null) throw new AppError('auth.link_invalid')
  const browser = { cookieHeader: ctx.cookieHeader, hubOrigin: ctx.ports.hubUrl }
  return {
    email: link.email,
    isNewAccount: link.purpose === 'register',
    isSameBrowser: isBrowserOf(link.bindingHash, browser),
  }
}
