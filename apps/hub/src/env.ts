import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { findConflicts } from './env-conflicts.ts'
import {
  devServerUrl,
  httpUrl,
  isLoopbackName,
  mailSender,
  networkRanges,
  proxyRanges,
  redisUrl,
  registration,
  secret,
  shareDomain,
  smtpUrl,
  wholeNumber,
} from './env-values.ts'

/** Every variable that the hub reads, with its default. docs/configuration.md is generated from the descriptions. */
export const envSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1').describe('Address that the hub listens on.'),
  PORT: wholeNumber(0, 65_535).default(7300).describe('Port that the hub listens on; 0 takes a free one.'),
  HUB_URL: httpUrl.optional().describe('Public URL of the control API. Default: `http://<HOST>:<PORT>`.'),
  LINK_URL: httpUrl
    .optional()
    .describe('Public URL that share links begin with. Default: `http://localhost:<PORT>`.'),
  SHARE_DOMAIN: shareDomain
    .optional()
    .describe(
      'Domain (with port, if any) whose subdomains are shares, such as `share.example.com`. ' +
        'Default: `localhost:<PORT>` while LINK_URL is loopback, otherwise none.',
    ),
  DATA_DIR: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder of the embedded PostgreSQL, secrets and mails. Default: `$XDG_DATA_HOME/private-connect/hub`, ' +
        'for root `/var/lib/private-connect`.',
    ),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
    .optional()
    .describe('PostgreSQL 15 or newer. Default: the embedded PostgreSQL in DATA_DIR.'),
  REDIS_URL: redisUrl.optional().describe('Redis, by which several hub nodes tell each other of news.'),
  HUB_SECRET: secret
    .optional()
    .describe(
      'At least 32 random characters. Generated into DATA_DIR with the embedded database, otherwise required.',
    ),
  HUB_SECRET_PREVIOUS: secret
    .optional()
    .describe(
      'The secret before HUB_SECRET, until `npm run rotate-secret` has re-encrypted what is under it.',
    ),
  TRUSTED_PROXIES: proxyRanges
    .default([])
    .describe('Comma-separated addresses or ranges of reverse proxies whose X-Forwarded-For is believed.'),
  ALLOW_PRIVATE_TARGETS: networkRanges
    .optional()
    .describe(
      'Private ranges that external services and webhooks may point to. Default: loopback with the embedded database, else none.',
    ),
  SHARE_REQUESTS_PER_MIN: wholeNumber(1, 100_000_000)
    .default(5000)
    .describe('Requests a minute for a share that sets no limit of its own.'),
  SHARE_QUERIES_PER_MIN: wholeNumber(1, 1_000_000)
    .default(30)
    .describe('Queries a minute for each share of a database.'),
  SHARE_STREAMS_MAX: wholeNumber(1, 1_000_000).default(200).describe('Open streams for each share.'),
  WORKSPACE_STREAMS_MAX: wholeNumber(1, 1_000_000)
    .default(2000)
    .describe('Open streams for all shares of a workspace together.'),
  SHARE_HEADERS_TIMEOUT_SECONDS: wholeNumber(1, 3600)
    .default(60)
    .describe('How long a shared service may take to begin its answer.'),
  SHARE_SILENT_TIMEOUT_SECONDS: wholeNumber(1, 86_400)
    .default(600)
    .describe('How long no byte may move on an open stream, such as a WebSocket.'),
  SHARE_STALLED_TIMEOUT_SECONDS: wholeNumber(1, 86_400)
    .default(60)
    .describe('How long a visitor may take nothing of an answer that waits for it.'),
  API_REQUESTS_PER_MIN: wholeNumber(1, 100_000_000)
    .default(1000)
    .describe('API requests a minute for each key or session.'),
  ANONYMOUS_REQUESTS_PER_MIN: wholeNumber(1, 100_000_000)
    .default(100)
    .describe('API requests a minute for each address (IPv6: each /64) without credentials.'),
  SMTP_URL: smtpUrl
    .optional()
    .describe(
      'Mail server for sign-in links, `smtps://user:password@host` or `smtp://user:password@host:587`; STARTTLS is required ' +
        'unless it is loopback or the URL ends in `?requireTLS=false`. Without it links are printed on the terminal and ' +
        'mails kept in DATA_DIR/mails.',
    ),
  MAIL_FROM: mailSender
    .optional()
    .describe('Sender of mails, such as `Private Connect <hub@example.com>`; required with SMTP_URL.'),
  REGISTRATION: registration
    .default('open')
    .describe(
      'Who may make an account by mail: `open` (everybody), `closed` (nobody), or comma-separated mail domains such as ' +
        '`example.com,example.org`. Answers do not tell; accounts that exist sign in as always, and so does the owner ' +
        'by the link that the first start prints.',
    ),
  SIGN_IN_REQUESTS_PER_MIN: wholeNumber(1, 100_000_000)
    .default(60)
    .describe('Sign-in requests a minute for each address.'),
  SIGN_IN_MAILS_PER_RECIPIENT: wholeNumber(1, 100_000_000)
    .default(5)
    .describe(
      'Sign-in mails to one recipient in 10 minutes; more are left out silently, as are those of the next two.',
    ),
  SIGN_IN_MAILS_PER_ADDRESS: wholeNumber(1, 100_000_000)
    .default(20)
    .describe('Sign-in mails asked for from one network address in 10 minutes.'),
  SIGN_IN_MAILS_MAX: wholeNumber(1, 100_000_000)
    .default(500)
    .describe('Sign-in mails of the whole hub in 10 minutes.'),
  BAD_KEYS_PER_MIN: wholeNumber(1, 100_000_000)
    .default(20)
    .describe(
      'Requests a minute with a key or token that is not valid, for each address (IPv6: each /64), and as many agents’ connections; valid ones are neither counted nor held up.',
    ),
  API_BODY_TIMEOUT_SECONDS: wholeNumber(1, 3600)
    .default(30)
    .describe('How long the body of an API request may take to arrive.'),
  SUBSCRIPTIONS_MAX: wholeNumber(1, 1_000_000)
    .default(50)
    .describe('Open subscriptions to live events for each key or session.'),
  WORKSPACE_SUBSCRIPTIONS_MAX: wholeNumber(1, 1_000_000)
    .default(1000)
    .describe('Open subscriptions to live events for all keys and sessions of a workspace together.'),
  TUNNEL_STREAMS_MAX: wholeNumber(1, 1_000_000).default(1000).describe('Open streams for each agent.'),
  DRAIN_TIMEOUT_SECONDS: wholeNumber(0, 600)
    .default(30)
    .describe('How long a SIGTERM waits for requests that are running.'),
  ACCESS_LOG_RETENTION_DAYS: wholeNumber(1, 36_500)
    .default(90)
    .describe('How many days entries of the access log are kept.'),
  READY_DELAY_SECONDS: wholeNumber(0, 300)
    .default(0)
    .describe(
      'How long a SIGTERM goes on as before with /readyz at 503; 5 behind a load balancer that asks it.',
    ),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer token for /metrics from other machines. Without it only loopback may read them.'),
  DASHBOARD_DEV_URL: devServerUrl
    .optional()
    .describe(
      'Vite server that the dashboard is taken from while one works on it, as `npm run dev` sets it. On this machine only, and never in production.',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe level that is logged.'),
})

export type Env = ReturnType<typeof resolveEnv>

/**
 * The checked, complete and frozen configuration.
 * @throws EnvError with every problem at once, one plain line each.
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  // An empty variable means "not set": that is what `VARIABLE= npm start` and compose files do.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const parsed = envSchema.safeParse(given)
  if (!parsed.success) {
    throw new EnvError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  }
  const problems = findConflicts(parsed.data, given)
  if (problems.length > 0) throw new EnvError(problems)
  return Object.freeze(resolveEnv(parsed.data, given))
}

/** The configuration cannot be used; `problems` has a plain line for each reason. */
export class EnvError extends Error {
  override readonly name = 'EnvError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

export type ParsedEnv = z.infer<typeof envSchema>

function resolveEnv(env: ParsedEnv, source: NodeJS.ProcessEnv) {
  return {
    ...env,
    isEmbedded: env.DATABASE_URL === undefined,
    dataDir: env.DATA_DIR ?? defaultDataDir(source),
    allowPrivateTargets:
      env.ALLOW_PRIVATE_TARGETS ??
      (env.DATABASE_URL === undefined ? networkRanges.parse('127.0.0.0/8,::1/128') : []),
  }
}

function defaultDataDir(source: NodeJS.ProcessEnv): string {
  // The embedded PostgreSQL of a root hub runs as another user, who cannot look into /root.
  if (userInfo().uid === 0) return '/var/lib/private-connect'
  return join(source.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'private-connect', 'hub')
}

/** The URLs that depend on the port that the hub really got. */
export function resolveUrls(env: Env, port: number) {
  const linkUrl = env.LINK_URL ?? new URL(`http://localhost:${port}`)
  const host = env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST
  const hubHost = host === '0.0.0.0' || host === '[::]' ? 'localhost' : host
  return {
    hubUrl: trimSlash(env.HUB_URL ?? new URL(`http://${hubHost}:${port}`)),
    linkUrl: trimSlash(linkUrl),
    shareDomain:
      env.SHARE_DOMAIN ?? (isLoopbackName(linkUrl.hostname) ? `localhost:${portOf(linkUrl)}` : null),
  }
}

export type HubUrls = ReturnType<typeof resolveUrls>

function trimSlash(url: URL): string {
  return url.href.replace(/\/$/, '')
}

function portOf(url: URL): string {
  if (url.port !== '') return url.port
  return url.protocol === 'https:' ? '443' : '80'
}
