import { AppError } from '@private-connect/errors'
import { answerError } from '../http/answer-error.ts'
import { checkOpenStreams } from '../policy/open-streams.ts'
import { checkRequestRate } from '../policy/request-rate.ts'
import { checkShareExpiry } from '../policy/share-expiry.ts'
import { checkShareStatus } from '../policy/share-status.ts'
import type { Visit } from '../visit.ts'
import { answerConsole } from './answer-console.ts'
import { answerPreflight, openToOrigins } from './cross-origin.ts'
import type { DatabaseDoor } from './database-door.ts'
import { checkQueryRate } from './query-rate.ts'
import { serveQuery } from './serve-query.ts'

// Paths and methods of a share gate the app behind it (SPEC §5); what a query may do is for the query's own rules.
const alive = [checkShareStatus, checkShareExpiry]
const ask: DatabaseDoor = { policies: [...alive, checkQueryRate, checkOpenStreams], serve: serveQuery }
const page: DatabaseDoor = {
  policies: [...alive, checkRequestRate, checkOpenStreams],
  serve: answerConsole,
}
const preflight: DatabaseDoor = { policies: [...alive, checkRequestRate], serve: answerPreflight }
const wrongMethod = refusing(
  () => new AppError('route.method_not_allowed', undefined, { headers: { allow: 'POST, OPTIONS' } }),
)
const nothing = refusing(
  () => new AppError('route.not_found', 'This share is a database: send queries as POST to its /query.'),
)
const noDatabase = refusing(() => new AppError('query.no_database'))

function refusing(error: () => AppError): DatabaseDoor {
  return {
    policies: [...alive, checkRequestRate],
    serve: (visit) => answerError(visit, error()),
  }
}

/**
 * The door of a visit; null where the share's app answers. A database is never spoken to in HTTP: a request line is a
 * command to Redis, so that forwarding one would pass by every rule and every record of queries.
 */
export function chooseDoor(visit: Visit): DatabaseDoor | null {
  const { link, rules, request } = visit
  const isDatabase = rules.grant.database !== undefined
  if (!isDatabase && link.form !== 'query') return null
  if (request.headers.upgrade !== undefined) return nothing
  const path = pathOf(link.target)
  if (path === '/query') return queryDoor(visit, isDatabase)
  return path === '/' && link.form !== 'query' && isRead(visit) ? page : nothing
}

function queryDoor(visit: Visit, isDatabase: boolean): DatabaseDoor {
  openToOrigins(visit)
  if (!isDatabase) return noDatabase
  if (visit.method === 'POST') return ask
  return visit.method === 'OPTIONS' ? preflight : wrongMethod
}

function isRead({ method }: Visit): boolean {
  return method === 'GET' || method === 'HEAD'
}

function pathOf(target: string): string {
  const end = target.indexOf('?')
  return end < 0 ? target : target.slice(0, end)
}
