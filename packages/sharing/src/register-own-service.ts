import type { Service } from '@private-connect/api/contracts'
import type { ErrorCode } from '@private-connect/errors'
import type { AgentIdentities, AgentIdentity } from './agent-identities.ts'
import { Failure, HubRefusal } from './failure.ts'
import type { RegisterServiceRequest } from './requests.ts'
import { sanitizeServiceName, listCandidateNames } from './service-name.ts'

/** What registering needs of a hub, over whichever transport. Both reject with a HubRefusal where it refuses. */
export interface RegistrationHub {
  readonly hubUrl: string
  registerAgent(name: string): Promise<AgentIdentity>
  registerService(agentId: string, request: RegisterServiceRequest): Promise<Service>
}

export interface OwnServiceOptions {
  readonly hub: RegistrationHub
  readonly identities: AgentIdentities
  readonly hostName: string
  /** Four letters or digits, for a name that nobody has. */
  readonly randomEnd: string
  /** What to do when all names like the wanted one are taken. */
  readonly nameHint: string
}

export interface OwnService {
  readonly identity: AgentIdentity
  readonly service: Service
}

/** This machine's agent, registered where the hub does not know it (any more), and the service under a name that is free. */
export async function registerOwnService(
  options: OwnServiceOptions,
  request: RegisterServiceRequest,
): Promise<OwnService> {
  const { hub, identities } = options
  const stored = await identities.claim(hub.hubUrl)
  if (stored !== null) {
    try {
      return { identity: stored, service: await registerUnderFreeName(options, stored, request) }
    } catch (cause) {
      if (!isRefusal(cause, 'agent.not_found')) {
        await identities.release(hub.hubUrl, stored.agentId)
        throw cause
      }
      // Deleted, or of another database behind the same address.
      await identities.forget(hub.hubUrl, stored.agentId)
    }
  }
  const identity = await hub.registerAgent(sanitizeServiceName(options.hostName))
  await identities.add(hub.hubUrl, identity)
  try {
    return { identity, service: await registerUnderFreeName(options, identity, request) }
  } catch (cause) {
    await identities.release(hub.hubUrl, identity.agentId)
    throw cause
  }
}

async function registerUnderFreeName(
  { hub, randomEnd, nameHint }: OwnServiceOptions,
  { agentId }: AgentIdentity,
  request: RegisterServiceRequest,
): Promise<Service> {
  for (const name of listCandidateNames(request.name, randomEnd)) {
    try {
      return await hub.registerService(agentId, { ...request, name })
    } catch (cause) {
      if (!isRefusal(cause, 'service.name_taken')) throw cause
    }
  }
  throw new Failure('failed', `Other agents have all service names like ${request.name}.`, {
    hint: nameHint,
  })
}

function isRefusal(thrown: unknown, code: ErrorCode): boolean {
  return thrown instanceof HubRefusal && thrown.code === code
}
