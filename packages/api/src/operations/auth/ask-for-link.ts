import { findUserByEmail, findWorkspaceOfUser, replaceMagicLink, type Queryable } from '@private-connect/db'
import type { ApiContext, ApiPorts } from '../../context.ts'
import { browserCookie } from '../../credentials/browser-cookie.ts'
import { hashToken, mintToken } from '../../credentials/tokens.ts'
import {
  composeAccountExistsMail,
  composeLoginMail,
  composeRegisterMail,
  type SignInFacts,
} from '../../mails/sign-in-mails.ts'
import { magicLinkLifetimeMs } from './issue-owner-sign-in.ts'

interface LoginInput {
  readonly email: string
  readonly redirect?: string | undefined
}

interface RegisterInput extends LoginInput {
  readonly workspaceName: string
}

/** Mails a sign-in link to the address, if it has an account. Throws `request.rate_limited`. */
export async function logIn(ctx: ApiContext, input: LoginInput) {
  await askForLink(ctx, { ...input, workspaceName: null })
  return { success: true as const, message: 'Login link sent to your email' }
}

/**
 * Mails a link that creates the account, or one that signs in to the account that exists; nothing where the address may
 * not make one. Throws like `logIn`.
 */
export async function register(ctx: ApiContext, input: RegisterInput) {
  await askForLink(ctx, input)
  return { success: true as const, message: 'Verification email sent' }
}

interface Wish extends LoginInput {
  /** Null for a login. */
  readonly workspaceName: string | null
}

/**
 * The same for every address, in the same time: whether it has an account is only looked up after the answer. Over
 * a limit no mail is sent, and the answer does not say so either.
 */
async function askForLink(ctx: ApiContext, wish: Wish): Promise<void> {
  const { ports, ipAddress, db } = ctx
  ctx.refuseCrossSite()
  await ports.signIn.checkRate(ipAddress)
  const browser = mintToken('browser')
  ctx.answerHeaders.append('set-cookie', browserCookie(browser, ports.hubUrl))
  const asked: AskedLink = { ...wish, ipAddress, askedAtMs: ports.nowMs(), browser }
  if (await ports.signIn.mayMail({ email: wish.email, ipAddress })) {
    ports.signIn.runLater(() => mailLink(db, ports, asked))
  }
}

interface AskedLink extends Wish {
  readonly ipAddress: string
  readonly askedAtMs: number
  /** Secret of the browser that asked. */
  readonly browser: string
}

async function mailLink(db: Queryable, ports: ApiPorts, asked: AskedLink): Promise<void> {
  const { email, workspaceName } = asked
  const hasAccount = await isAccount(db, email)
  if (!hasAccount && (workspaceName === null || !ports.signIn.mayRegister(email))) return
  const token = mintToken('magicLink')
  await replaceMagicLink(db, {
    tokenHash: hashToken(token),
    purpose: hasAccount ? 'login' : 'register',
    email,
    workspaceName,
    bindingHash: hashToken(asked.browser),
    expiresAt: new Date(asked.askedAtMs + magicLinkLifetimeMs),
  })
  const composeNewMail = hasAccount ? composeAccountExistsMail : composeRegisterMail
  const compose = workspaceName === null ? composeLoginMail : composeNewMail
  ports.signIn.sendMail(compose(factsOf(asked, ports.hubUrl, token)))
}

async function isAccount(db: Queryable, email: string): Promise<boolean> {
  const user = await findUserByEmail(db, email)
  return user !== null && (await findWorkspaceOfUser(db, user.id)) !== null
}

function factsOf(asked: AskedLink, hubUrl: string, token: string): SignInFacts {
  const query = asked.redirect === undefined ? '' : `?redirect=${encodeURIComponent(asked.redirect)}`
  return {
    email: asked.email,
    // In the fragment no server, log or Referer ever has the token. The origin is configured, never a request's Host.
    link: `${hubUrl}/signin${query}#${token}`,
    hub: new URL(hubUrl).host,
    lifetimeMinutes: magicLinkLifetimeMs / 60_000,
    ipAddress: asked.ipAddress,
    askedAt: new Date(asked.askedAtMs),
  }
}
