import { z } from 'zod'
import {
  devServerUrl,
  httpUrl,
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

export type ParsedEnv = z.infer<typeof envSchema>
