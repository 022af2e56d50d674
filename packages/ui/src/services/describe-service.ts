import { knownEngine, type Service, type ServiceCheck } from '@private-connect/api/contracts'
import { engines } from '../queries/engines.ts'

type Tone = 'good' | 'late' | 'bad' | 'quiet'

const states = {
  active: ['good', 'Answers'],
  offline: ['late', 'Machine offline'],
  unreachable: ['bad', 'Does not answer'],
  unknown: ['quiet', 'Not checked yet'],
} as const

/** Whether a service answers, as of its last check. */
export function describeStatus(status: Service['status']): readonly [tone: Tone, word: string] {
  return states[status]
}

const protocols = {
  auto: 'http or https, found out by itself',
  http: 'http',
  https: 'https',
  tcp: 'TCP',
} as const

/** What a service speaks, in a few words. */
export function describeSpeech(service: Pick<Service, 'engine' | 'protocol' | 'targetPort'>): string {
  const engine = knownEngine(service)
  return engine === null ? protocols[service.protocol] : engines[engine].name
}

const steps = [
  ['dns', 'Name'],
  ['tcp', 'Connection'],
  ['tls', 'Encryption'],
  ['http', 'Web answer'],
] as const
const findings = {
  ok: ['good', 'found'],
  failed: ['bad', 'failed'],
  skipped: ['quiet', 'not needed'],
} as const

interface Step {
  readonly name: string
  readonly tone: Tone
  readonly word: string
}

/** A check step by step, in the order in which a visitor's request would take them. */
export function describeCheck(check: ServiceCheck): readonly Step[] {
  return steps.map(([step, name]) => {
    const [tone, word] = findings[check[step]]
    return { name, tone, word }
  })
}
