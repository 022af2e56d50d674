import type { ParsedEnv } from './env-schema.ts'
import { isLoopbackName } from './env-values.ts'

/** What is wrong between variables. A server database means production: links and cookies then need https. */
export function findConflicts(env: ParsedEnv, source: NodeJS.ProcessEnv): string[] {
  const problems: string[] = []
  if (env.SMTP_URL !== undefined && env.MAIL_FROM === undefined) {
    problems.push('MAIL_FROM is required with SMTP_URL, like Private Connect <hub@example.com>')
  }
  if (env.DASHBOARD_DEV_URL !== undefined && isForOthers(env, source)) {
    problems.push(
      'DASHBOARD_DEV_URL is for development: unset it where NODE_ENV is production or others reach the hub',
    )
  }
  return env.DATABASE_URL === undefined ? problems : [...problems, ...findServerProblems(env)]
}

/** A development server has the sources of this machine for whoever reaches it. */
function isForOthers({ HOST, HUB_URL }: ParsedEnv, source: NodeJS.ProcessEnv): boolean {
  const isOpen = !isLoopbackName(HOST) || (HUB_URL !== undefined && !isLoopbackName(HUB_URL.hostname))
  return isOpen || source['NODE_ENV'] === 'production'
}

function findServerProblems(env: ParsedEnv): string[] {
  const problems: string[] = []
  if (env.HUB_SECRET === undefined) {
    problems.push('HUB_SECRET is required with DATABASE_URL; make one with: openssl rand -hex 32')
  }
  for (const name of ['HUB_URL', 'LINK_URL'] as const) {
    const url = env[name]
    if (url === undefined) problems.push(`${name} is required with DATABASE_URL`)
    else if (url.protocol === 'http:' && !isLoopbackName(url.hostname)) {
      problems.push(`${name} must begin with https:// unless it is on this machine`)
    }
  }
  return problems
}
