import { randomBytes } from 'node:crypto'
import type { CreateShareInput } from '@private-connect/api/contracts'
import {
  refuseUnshareable,
  registerOwnService,
  type OwnService,
  type RegisterServiceRequest,
  type RegistrationHub,
} from '@private-connect/sharing'
import type { DesktopInput, DesktopShare, ListeningPort } from '@private-connect/ui/desktop'
import type { ActiveShares } from './active-shares.ts'
import type { HubApi } from './hub-api.ts'
import type { MachineAgent } from './machine-agent.ts'
import { planShare } from './plan-share.ts'
import { readLink, type ShareLinks } from './share-links.ts'

export interface SharePortOptions {
  readonly api: HubApi
  readonly agent: MachineAgent
  readonly hostName: string
  readonly defaultExpiry: string
  /** What listing it told of the port. */
  readonly seen: ListeningPort | undefined
  /** Registering is done by one at a time: two at once would make two agents of this machine. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  readonly shares: Pick<ActiveShares, 'add' | 'pin'>
  readonly links: ShareLinks
  /** The link could not be written down; it works all the same. */
  readonly onUnkept: (cause: unknown) => void
}

/** Registers the port's service, serves it, and opens a share. The tunnel is open already, or opens meanwhile. */
export async function sharePort(
  options: SharePortOptions,
  input: DesktopInput<'ports:share'>,
): Promise<DesktopShare> {
  const { api, agent } = options
  // All that can be wrong with it is said before anything exists at the hub.
  const { service, share } = planShare(input, options)
  const target = { host: input.host, port: input.port }
  await Promise.all([
    agent.ensure(),
    refuseUnshareable(target, {
      hubUrl: api.hubUrl,
      isForced: false,
      startHint: 'Start your app first, then share its port.',
      hostHint: 'Check the host.',
    }),
  ])
  const own = await options.inTurn(async () => register(options, service))
  const unpin = options.shares.pin(own.service.id)
  try {
    const [created] = await Promise.all([
      createShare(api, { ...share, serviceId: own.service.id }),
      agent.serve(own.service.id, target),
    ])
    const opened = { ...created, targetHost: target.host, targetPort: target.port, visitorCount: 0 }
    options.links.keep(opened.id, opened.url).catch(options.onUnkept)
    options.shares.add(opened)
    return opened
  } finally {
    unpin()
  }
}

async function register(
  { api, agent, hostName }: SharePortOptions,
  request: RegisterServiceRequest,
): Promise<OwnService> {
  const hub: RegistrationHub = {
    hubUrl: api.hubUrl,
    async registerAgent(name) {
      const registered = await api.call(async ({ agents }) => agents.register.mutate({ name }))
      return { agentId: registered.agent.id, token: registered.token }
    },
    registerService: async (agentId, body) =>
      (await api.call(async ({ services }) => services.register.mutate({ agentId, ...body }))).service,
  }
  return registerOwnService(
    {
      hub,
      identities: agent.identities,
      hostName,
      randomEnd: randomBytes(2).toString('hex'),
      nameHint: 'Delete services that are no longer used.',
    },
    request,
  )
}

async function createShare(api: HubApi, request: CreateShareInput) {
  const { share } = await api.call(async ({ shares }) => shares.create.mutate(request))
  return {
    id: share.id,
    name: share.name,
    // Web apps need a host of their own, where the hub has one.
    url: readLink(share.subdomainUrl ?? share.shareUrl),
    expiresAtMs: share.expiresAt === null ? null : Date.parse(share.expiresAt),
  }
}
