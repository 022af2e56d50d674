import type { AskAsOwner, OwnerQuestion } from '@private-connect/api'
import { AppError } from '@private-connect/errors'
import { checkRate, loggedUserAgent, type RateLimiter, type ShareGrant } from '@private-connect/proxy/serve'
import type { QueryAnswer } from '@private-connect/api/contracts'
import type { CredentialWatch } from '../credential-watch.ts'
import type { RunQuestion } from './run-question.ts'

export interface OwnerQueriesOptions {
  /** As it is now, not as it was a second ago. */
  readonly findGrant: (share: Pick<OwnerQuestion, 'workspaceId' | 'shareId'>) => Promise<ShareGrant | null>
  readonly run: RunQuestion
  readonly credentialWatch: CredentialWatch
  /** The one that counts visitors' queries. */
  readonly limiter: RateLimiter
  readonly queriesPerMin: number
  /** The time that shares end by. */
  readonly nowMs: () => number
}

export interface OwnerQueries {
  readonly ask: AskAsOwner
  /** Cancels what runs on a share that has ended or changed. */
  cutShare(shareId: string): void
  cutService(serviceId: string): void
}

interface Running {
  readonly shareId: string
  /** Null while the share is looked up. */
  serviceId: string | null
  readonly ending: AbortController
}

/**
 * The questions that a workspace asks its own database shares without their links. They pass the rules of visitors' queries, are
 * counted with them and end as they do, and with the credential that asked.
 */
export function createOwnerQueries(options: OwnerQueriesOptions): OwnerQueries {
  const running = new Set<Running>()
  const cut = (isMeant: (query: Running) => boolean): void => {
    for (const query of running) if (isMeant(query)) query.ending.abort(new AppError('share.inactive'))
  }
  return {
    async ask(question) {
      // Among those that a cut finds before the share is read: what it was read as cannot be out of date.
      const query: Running = { shareId: question.shareId, serviceId: null, ending: new AbortController() }
      running.add(query)
      const unwatch = options.credentialWatch.add(question, (reason) => query.ending.abort(reason))
      const leave = (): void => query.ending.abort(new AppError('request.timeout'))
      question.signal.addEventListener('abort', leave, { once: true })
      if (question.signal.aborted) leave()
      try {
        return await askOnce(options, question, query)
      } finally {
        question.signal.removeEventListener('abort', leave)
        unwatch()
        running.delete(query)
      }
    },
    cutShare: (shareId) => cut((query) => query.shareId === shareId),
    cutService: (serviceId) => cut((query) => query.serviceId === null || query.serviceId === serviceId),
  }
}

async function askOnce(
  options: OwnerQueriesOptions,
  question: OwnerQuestion,
  query: Running,
): Promise<QueryAnswer> {
  const { ending } = query
  const grant = await options.findGrant(question)
  if (grant === null) throw new AppError('share.not_found')
  query.serviceId = grant.service.id
  ending.signal.throwIfAborted()
  const leftMs = grant.expiresAtMs === null ? Infinity : grant.expiresAtMs - options.nowMs()
  if (grant.isRevoked || leftMs <= 0) throw new AppError('share.inactive')
  if (grant.database === undefined) throw new AppError('query.no_database')
  await checkRate(options.limiter, grant, options.queriesPerMin)
  // No query lives as long as the longest timer.
  const expiry = setTimeout(() => ending.abort(new AppError('share.inactive')), Math.min(leftMs, 2 ** 31 - 1))
  try {
    const answer = await options.run({
      grant,
      database: { ...grant.database, linkId: null },
      question: question.input,
      who: {
        actorId: question.actorId,
        visitorId: null,
        ipAddress: question.ipAddress,
        userAgent: loggedUserAgent(question.userAgent ?? undefined),
      },
      signal: ending.signal,
    })
    return { ...answer, columns: [...answer.columns], rows: [...answer.rows] }
  } finally {
    clearTimeout(expiry)
  }
}
