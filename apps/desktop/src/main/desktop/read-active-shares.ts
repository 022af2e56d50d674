import type { Share } from '@private-connect/api/contracts'
import type { LocalTarget } from '@private-connect/proxy/tunnel'
import { HubRefusal } from '@private-connect/sharing'
import type { HubApi } from './hub-api.ts'

export interface ServedShare {
  readonly share: Share
  readonly target: LocalTarget
}

export interface FoundShares {
  /** Newest first. */
  readonly shares: readonly ServedShare[]
  /** Services without an open share, deleted ones too. */
  readonly idleServiceIds: readonly string[]
}

/** More pages of one service's shares are not read. */
const pagesMax = 10

/** The open shares of what this machine serves. */
export async function readActiveShares(
  api: HubApi,
  targets: ReadonlyMap<string, LocalTarget>,
): Promise<FoundShares> {
  const found = await Promise.all(
    [...targets].map(async ([serviceId, target]) => {
      const shares = await readOfService(api, serviceId)
      return { serviceId, shares: shares.map((share) => ({ share, target })) }
    }),
  )
  return {
    shares: found
      .flatMap(({ shares }) => shares)
      .sort((a, b) => b.share.createdAt.localeCompare(a.share.createdAt)),
    idleServiceIds: found.flatMap(({ serviceId, shares }) => (shares.length === 0 ? [serviceId] : [])),
  }
}

async function readOfService(api: HubApi, serviceId: string): Promise<Share[]> {
  const active: Share[] = []
  let cursor: string | undefined
  for (let page = 0; page < pagesMax; page += 1) {
    const request = { serviceId, limit: 100, ...(cursor === undefined ? {} : { cursor }) }
    const answer = await api
      .call(async ({ shares }) => shares.listOfService.query(request))
      .catch((cause: unknown) => {
        if (cause instanceof HubRefusal && cause.code === 'service.not_found') return null
        throw cause
      })
    if (answer === null) break
    active.push(...answer.items.filter(({ isActive }) => isActive))
    if (answer.nextCursor === null) break
    cursor = answer.nextCursor
  }
  return active
}
