import { createShareInput, registerServiceInput } from '@private-connect/api/contracts'
import { defaultServiceName, Failure, type ShareRequest, type Target } from '@private-connect/sharing'
import type { z } from 'zod'

/** What `share` takes on the command line, as commander hands it over. */
export interface ShareFlags {
  readonly name?: string
  readonly description?: string
  readonly expires?: string
  readonly path?: readonly string[]
  readonly method?: readonly string[]
  readonly rate?: string
  readonly host: string
  readonly https?: boolean
  readonly serviceName?: string
  readonly force?: boolean
  readonly keep?: boolean
  readonly qr: boolean
}

export interface SharePlan {
  readonly target: Target
  readonly serviceName: string
  /** The user says so; otherwise it is found out. */
  readonly isHttps: boolean
  readonly share: ShareRequest
}

const flagOf: Readonly<Record<string, string>> = {
  name: '--name',
  description: '--description',
  expiresIn: '--expires',
  allowedPaths: '--path',
  allowedMethods: '--method',
  rateLimitPerMin: '--rate',
  targetHost: '--host',
  targetPort: 'The port',
}

/** Checks everything that can be checked without a hub, by the hub's own rules. */
export function planShare(portText: string, flags: ShareFlags, hostName: string): SharePlan {
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : Number.NaN
  const serviceName = flags.serviceName ?? defaultServiceName(hostName, port)
  const service = registerServiceInput.safeParse({
    agentId: 'agent',
    name: serviceName,
    targetHost: flags.host,
    targetPort: port,
    protocol: 'auto',
  })
  if (!service.success) throw usageFailure(service.error, { ...flagOf, name: '--service-name' })
  const request = toShareRequest(flags, serviceName)
  const share = createShareInput.safeParse({ serviceId: 'svc', ...request })
  if (!share.success) throw usageFailure(share.error, flagOf)
  return {
    target: { host: flags.host, port },
    serviceName,
    isHttps: flags.https === true,
    share: request,
  }
}

function toShareRequest(flags: ShareFlags, serviceName: string): ShareRequest {
  const { description, expires, path, method, rate } = flags
  return {
    name: flags.name ?? serviceName,
    ...(description === undefined ? {} : { description }),
    ...(expires === undefined ? {} : { expiresIn: expires as NonNullable<ShareRequest['expiresIn']> }),
    ...(path === undefined ? {} : { allowedPaths: [...path] }),
    ...(method === undefined ? {} : { allowedMethods: readMethods(method) }),
    ...(rate === undefined ? {} : { rateLimitPerMin: /^\d{1,9}$/.test(rate) ? Number(rate) : Number.NaN }),
  }
}

/** `--method get,POST --method put` names three methods. */
function readMethods(given: readonly string[]): NonNullable<ShareRequest['allowedMethods']> {
  const names = given.flatMap((text) => text.split(',')).map((text) => text.trim().toUpperCase())
  return names as NonNullable<ShareRequest['allowedMethods']>
}

function usageFailure(error: z.ZodError, flags: Readonly<Record<string, string>>): Failure {
  const sentences = error.issues.map((issue) => {
    const field = String(issue.path[0] ?? '')
    return `${flags[field] ?? field}: ${issue.message}.`
  })
  return new Failure('usage', [...new Set(sentences)].join('\n'), {
    hint: 'See npx private-connect share --help.',
  })
}
