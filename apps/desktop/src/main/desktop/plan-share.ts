import {
  createShareInput,
  knownEngine,
  registerServiceInput,
  type CreateShareInput,
  type databaseEngines,
} from '@private-connect/api/contracts'
import { defaultServiceName, Failure, type RegisterServiceRequest } from '@private-connect/sharing'
import type { DesktopInput, ListeningPort } from '@private-connect/ui/desktop'
import type { z } from 'zod'

export interface PlanContext {
  readonly hostName: string
  readonly defaultExpiry: string
  readonly seen: ListeningPort | undefined
}

export interface PlannedShare {
  readonly service: RegisterServiceRequest
  readonly share: Omit<CreateShareInput, 'serviceId'>
}

type PortInput = DesktopInput<'ports:share'>
type Engine = (typeof databaseEngines)[number]

/** What the hub is asked for, checked by its own rules. Throws a Failure with a sentence for each field that is wrong. */
export function planShare(input: PortInput, context: PlanContext): PlannedShare {
  const { port, host, expiresIn, ...options } = input
  const name = nameService(context.hostName, { host, port })
  const service = registerServiceInput.safeParse({
    agentId: 'agent',
    name,
    targetHost: host,
    targetPort: port,
    ...speechOf(port, context.seen),
  })
  if (!service.success) throw toUsage(service.error)
  const share = createShareInput.safeParse({
    name,
    serviceId: 'svc',
    expiresIn: expiresIn ?? context.defaultExpiry,
    ...options,
  })
  if (!share.success) throw toUsage(share.error)
  const { agentId: _agentId, ...serviceRequest } = service.data
  const { serviceId: _serviceId, ...shareRequest } = share.data
  return { service: serviceRequest, share: shareRequest }
}

/** One name leads to one target: another host of the same port must not take over the shares of this machine's. */
function nameService(hostName: string, { host, port }: { host: string; port: number }): string {
  const isUsual = host === '127.0.0.1' || host === 'localhost'
  if (isUsual) return defaultServiceName(hostName, port)
  const [machine = ''] = hostName.split('.')
  return defaultServiceName(`${machine.slice(0, 40)}-${host.replaceAll(/[.:]/g, '-')}`, port)
}

const engines: Readonly<Record<string, Engine>> = {
  PostgreSQL: 'postgresql',
  MySQL: 'mysql',
  MariaDB: 'mysql',
  MongoDB: 'mongodb',
  Redis: 'redis',
}

/** What the hub should speak to it. `auto` lets it find out http or https, which takes no time now. */
function speechOf(
  port: number,
  seen: ListeningPort | undefined,
): { protocol: 'auto' | 'tcp'; engine?: Engine } {
  const engine = seen?.kind === 'database' ? engines[seen.framework ?? ''] : undefined
  if (engine !== undefined) return { protocol: 'tcp', engine }
  const isDatabase = knownEngine({ engine: null, protocol: 'auto', targetPort: port }) !== null
  return { protocol: isDatabase && seen?.kind !== 'web' ? 'tcp' : 'auto' }
}

const wordsOf: Readonly<Record<string, string>> = {
  name: 'The name',
  description: 'The description',
  expiresIn: 'The expiry',
  allowedPaths: 'The paths',
  allowedMethods: 'The methods',
  rateLimitPerMin: 'The rate',
  maskedColumns: 'The masked columns',
  targetHost: 'The host',
  targetPort: 'The port',
}

function toUsage(error: z.ZodError): Failure {
  const sentences = error.issues.map(({ path: [field], message }) => {
    const word = wordsOf[String(field)] ?? String(field)
    return `${word}: ${message}.`
  })
  return new Failure('usage', [...new Set(sentences)].join('\n'))
}
