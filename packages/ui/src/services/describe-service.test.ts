import { describe, expect, it } from 'vitest'
import { describeCheck, describeSpeech, describeStatus } from './describe-service.ts'

describe('a service', () => {
  it.each([
    [{ engine: null, protocol: 'auto' as const, targetPort: 5432 }, 'PostgreSQL'],
    [{ engine: 'redis' as const, protocol: 'tcp' as const, targetPort: 1 }, 'Redis'],
    [{ engine: null, protocol: 'http' as const, targetPort: 5432 }, 'http'],
    [{ engine: null, protocol: 'tcp' as const, targetPort: 25 }, 'TCP'],
  ])('%j speaks %s', (service, speech) => {
    expect(describeSpeech(service)).toBe(speech)
  })

  it('has a word for each state', () => {
    expect(
      (['active', 'offline', 'unreachable', 'unknown'] as const).map((state) => describeStatus(state)[1]),
    ).toEqual(['Answers', 'Machine offline', 'Does not answer', 'Not checked yet'])
  })

  it('is checked step by step', () => {
    const check = {
      dns: 'skipped',
      tcp: 'ok',
      tls: 'skipped',
      http: 'failed',
      latencyMs: 3,
      message: '',
    } as const
    expect(describeCheck(check).map(({ name, word }) => `${name} ${word}`)).toEqual([
      'Name not needed',
      'Connection found',
      'Encryption not needed',
      'Web answer failed',
    ])
  })
})
