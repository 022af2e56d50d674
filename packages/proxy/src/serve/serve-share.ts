import { toAppError, type AppError } from '@private-connect/errors'
import { compileGrant } from './compile-grant.ts'
import { chooseDoor } from './database/choose-door.ts'
import { answerError } from './http/answer-error.ts'
import { answerRedirect } from './http/answer-redirect.ts'
import { redirectOf } from './http/redirect-navigation.ts'
import type { LiveShares } from './live/live-shares.ts'
import type { ShareLookup } from './lookup-share.ts'
import { chooseOwnAnswer } from './pages/choose-page.ts'
import { authorize } from './policy/authorize.ts'
import type { Guess, UnknownTokens } from './policy/unknown-tokens.ts'
import type { ShareGrant } from './share-grant.ts'
import { recordVisit } from './record/record-visit.ts'
import type { Visit } from './visit.ts'

export interface ServeSteps {
  readonly lookup: ShareLookup
  readonly unknownTokens: UnknownTokens
  readonly liveShares: LiveShares
  /** Dials and forwards, as an HTTP request or as an upgraded stream; calls nothing back, it ends the visit. */
  readonly forward: (visit: Visit) => void
}

/**
 * A visitor's way: match → authorize → dial and forward → record. Where nothing has to be waited for (a cached grant, a
 * limiter in memory), all of it up to the dial happens in one go.
 */
export function serveShare(visit: Visit, steps: ServeSteps): void {
  try {
    const { token } = visit.link
    const guess = steps.unknownTokens.guess(visit.visitor.address)
    const found = token === null ? null : steps.lookup.find(token, guess)
    if (found instanceof Promise) continueAsync(visit, continueFound(found, guess, { visit, steps }))
    else authorizeFound(visit, grantOf(found, guess), steps)
  } catch (error) {
    refuse(visit, error)
  }
}

function grantOf(found: ShareGrant | null, guess: Guess): ShareGrant {
  if (found === null) throw guess.refuse()
  return found
}

/** Authorizes by the grant as it is now; a share that was cut meanwhile is looked up again. */
function authorizeFound(visit: Visit, grant: ShareGrant, steps: ServeSteps): void {
  visit.admit(compileGrant(grant), steps.liveShares.of(grant))
  if (visit.isOver) return recordVisit(visit)
  visit.redirect = redirectOf(visit.request, visit.link, {
    shareDomain: visit.settings.shareDomain,
    scheme: visit.visitor.scheme,
  })
  visit.door = chooseDoor(visit)
  const denied = authorize(visit)
  if (denied instanceof Promise) continueAsync(visit, continueAuthorized(denied, visit, steps))
  else proceed(visit, denied, steps)
}

function proceed(visit: Visit, denied: AppError | null, steps: ServeSteps): void {
  if (visit.isOver) return
  if (denied !== null) return refuse(visit, denied)
  if (visit.live.isCut) return serveShare(visit, steps)
  if (visit.redirect !== null) return answerRedirect(visit, visit.redirect)
  const own = visit.door === null ? chooseOwnAnswer(visit.rules.grant.service) : null
  if (own !== null) return refuse(visit, own)
  visit.live.open(visit)
  if (visit.door === null) steps.forward(visit)
  else visit.door.serve(visit)
}

async function continueFound(
  found: Promise<ShareGrant | null>,
  guess: Guess,
  { visit, steps }: { readonly visit: Visit; readonly steps: ServeSteps },
): Promise<void> {
  authorizeFound(visit, grantOf(await found, guess), steps)
}

async function continueAuthorized(
  denied: Promise<AppError | null>,
  visit: Visit,
  steps: ServeSteps,
): Promise<void> {
  proceed(visit, await denied, steps)
}

function continueAsync(visit: Visit, rest: Promise<void>): void {
  rest.catch((error: unknown) => refuse(visit, error))
}

function refuse(visit: Visit, thrown: unknown): void {
  const error = toAppError(thrown)
  if (error.row.fault === 'hub') {
    visit.ports.log.error({ err: error, requestId: visit.requestId }, 'visit failed')
  }
  answerError(visit, error)
}
