import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { findConflicts } from './env-conflicts.ts'
import { envSchema, type ParsedEnv } from './env-schema.ts'
import { isLoopbackName, networkRanges } from './env-values.ts'

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
