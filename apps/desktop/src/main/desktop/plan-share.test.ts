import { createShareInput, registerServiceInput } from '@private-connect/api/contracts'
import { Failure } from '@private-connect/sharing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planShare, type PlannedShare } from './plan-share.ts'

/** What the hub is asked for is always within its rules, or refused in words before it is asked. */
const context = { hostName: 'ada.local', defaultExpiry: '24h', seen: undefined }
const port = { port: 3000, host: '127.0.0.1' }
const nameOf = (host: string, number = 3000) => planShare({ host, port: number }, context).service.name

describe('planning a share', () => {
  it('is within the rules of the hub, or fails in words, whatever the window sends', () => {
    const input = fc.record(
      {
        port: fc.integer({ min: 1, max: 65_535 }),
        host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6(), fc.string({ minLength: 1 })),
        name: fc.string(),
        description: fc.string(),
        expiresIn: fc.oneof(fc.constantFrom('1h', 'never'), fc.string()),
        allowedPaths: fc.array(fc.oneof(fc.constant('/api/*'), fc.string())),
        allowedMethods: fc.array(fc.oneof(fc.constant('GET'), fc.string())),
        rateLimitPerMin: fc.integer(),
        allowWrites: fc.boolean(),
      },
      { requiredKeys: ['port', 'host'] },
    )
    fc.assert(
      fc.property(input, fc.string(), (given, hostName) => {
        expect(isFit(attempt(() => planShare(given, { ...context, hostName })))).toBe(true)
      }),
    )
  })

  it('takes the defaults: the name of the service, the expiry of the settings', () => {
    const { service, share } = planShare(port, context)
    expect(service).toMatchObject({
      name: 'ada-3000',
      targetHost: '127.0.0.1',
      targetPort: 3000,
      protocol: 'auto',
    })
    expect(share).toMatchObject({ name: 'ada-3000', expiresIn: '24h' })
  })

  it('names targets apart that are not the same, so that no share is led elsewhere', () => {
    expect(nameOf('localhost')).toBe(nameOf('127.0.0.1'))
    const hosts = ['127.0.0.1', '::1', '192.168.1.7', '192.168.17', 'nas', 'nas.local']
    expect(new Set(hosts.map((host) => nameOf(host))).size).toBe(hosts.length)
    expect(nameOf('nas', 80)).not.toBe(nameOf('nas', 81))
  })

  it('speaks to databases as such, by their port or by what was seen there', () => {
    const seen = {
      port: 5433,
      host: '127.0.0.1',
      processName: 'postgres',
      framework: 'PostgreSQL',
      kind: 'database',
    } as const
    const protocolOf = (number: number, found?: typeof seen) =>
      planShare({ ...port, port: number }, { ...context, seen: found }).service
    expect(protocolOf(5432)).toMatchObject({ protocol: 'tcp' })
    expect(protocolOf(5433, seen)).toMatchObject({ protocol: 'tcp', engine: 'postgresql' })
    expect(protocolOf(5433)).toMatchObject({ protocol: 'auto' })
  })
})

function isFit(planned: PlannedShare | Failure): boolean {
  if (planned instanceof Failure) return /^The [\w ]+: .+\.$/s.test(planned.message)
  const { service, share } = planned
  const isService = registerServiceInput.safeParse({ agentId: 'agent', ...service }).success
  return isService && createShareInput.safeParse({ serviceId: 'svc', ...share }).success
}

/** What it answers, or the Failure that it throws. */
function attempt<T>(work: () => T): T | Failure {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof Failure) return cause
    throw cause
  }
}
