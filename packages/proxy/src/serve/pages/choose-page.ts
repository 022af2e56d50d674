import { AppError } from '@private-connect/errors'
import type { UpstreamService } from '../dial.ts'

const kinds: ReadonlyMap<number, string> = new Map([
  [22, 'an SSH server'],
  [1433, 'a Microsoft SQL Server database'],
  [3306, 'a MySQL or MariaDB database'],
  [3389, 'a remote desktop'],
  [5432, 'a PostgreSQL database'],
  [5900, 'a VNC screen'],
  [6379, 'a Redis database'],
  [27_017, 'a MongoDB database'],
])

/**
 * What a share's visitor gets in place of the service's own answer; null: the request is forwarded. The one place that
 * decides it. What is no web service is not spoken to in HTTP at all: at best it would answer in error.
 */
export function chooseOwnAnswer({ protocol, targetPort }: UpstreamService): AppError | null {
  if (protocol !== 'tcp') return null
  const kind = kinds.get(targetPort) ?? 'a service that is no web server'
  return new AppError(
    'share.not_web',
    `This link leads to ${kind}. Browsers do not speak to it; it takes a program of its own.`,
  )
}
