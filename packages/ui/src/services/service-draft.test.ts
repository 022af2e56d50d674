import { expect, it } from 'vitest'
import { draftOf, emptyService, toTarget } from './service-draft.ts'

const target = { name: 'orders', targetHost: 'db.internal', targetPort: 5433 }

it.each([
  { ...target, protocol: 'auto' as const, engine: null },
  { ...target, protocol: 'https' as const, engine: null },
  { ...target, protocol: 'tcp' as const, engine: null },
  { ...target, protocol: 'tcp' as const, engine: 'mongodb' as const },
])('$protocol $engine is drafted and taken back', (service) => {
  expect(toTarget(draftOf(service))).toEqual(service)
})

it('begins with what finds out by itself', () => {
  expect(toTarget({ ...emptyService, name: 'x', targetHost: 'y', targetPort: '80' })).toMatchObject({
    protocol: 'auto',
    targetPort: 80,
  })
})
