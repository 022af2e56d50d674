import type { Service } from '@private-connect/api/contracts'
import { engines, type Engine } from '../queries/engines.ts'
import type { ServiceDraft, Speech } from './service-fields.tsx'

export const emptyService: ServiceDraft = { name: '', targetHost: '', targetPort: '', speech: 'auto' }

type Target = Pick<Service, 'name' | 'targetHost' | 'targetPort' | 'protocol' | 'engine'>

/** What the API takes; a database that was chosen by its name is spoken to as such, whatever its port. */
export function toTarget({ name, targetHost, targetPort, speech }: ServiceDraft): Target {
  const target = { name, targetHost, targetPort: Number(targetPort) }
  return isEngine(speech)
    ? { ...target, protocol: 'tcp', engine: speech }
    : { ...target, protocol: speech, engine: null }
}

/** A service as it is, to be changed. */
export function draftOf({ name, targetHost, targetPort, protocol, engine }: Target): ServiceDraft {
  return { name, targetHost, targetPort: String(targetPort), speech: engine ?? protocol }
}

function isEngine(speech: Speech): speech is Engine {
  return Object.hasOwn(engines, speech)
}
