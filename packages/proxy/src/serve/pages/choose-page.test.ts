import { expect, it } from 'vitest'
import { chooseOwnAnswer } from './choose-page.ts'

const service = { id: 'svc_1', agentId: null, name: 'x', targetHost: 'localhost' }

// Nothing but what its owner called no web service is kept from visitors, and that is never spoken to in HTTP.
it.each(['auto', 'http', 'https'] as const)('forwards to %s, whatever the port', (protocol) => {
  expect(chooseOwnAnswer({ ...service, protocol, targetPort: 5432 })).toBeNull()
})

it.each([
  [22, 'an SSH server'],
  [5432, 'a PostgreSQL database'],
  [6379, 'a Redis database'],
  [9999, 'a service that is no web server'],
])('says of port %i that it is %s', (targetPort, kind) => {
  const answer = chooseOwnAnswer({ ...service, protocol: 'tcp', targetPort })
  expect(answer?.code).toBe('share.not_web')
  expect(answer?.publicMessage).toContain(kind)
})
