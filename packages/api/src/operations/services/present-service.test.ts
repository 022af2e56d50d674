import type { ServiceRow } from '@private-connect/db'
import { describe, expect, it } from 'vitest'
import type { ApiPorts } from '../../context.ts'
import { service } from '../../contracts/index.ts'
import { presentService } from './present-service.ts'

const row: ServiceRow = {
  id: 'svc_1',
  workspaceId: 'ws_1',
  agentId: 'agent_1',
  name: 'web',
  targetHost: 'localhost',
  targetPort: 3000,
  protocol: 'auto',
  engine: null,
  status: 'unknown',
  lastCheckedAt: null,
  allowsSelfSigned: false,
  createdAt: new Date('2026-03-01T10:00:00.000Z'),
  isExternal: false,
  hasCredentials: false,
}

function statusOf(change: Partial<ServiceRow>, isOnline: boolean): string {
  const ports = { isAgentOnline: () => isOnline } as Partial<ApiPorts> as ApiPorts
  return presentService({ ports }, { ...row, ...change }).status
}

describe('a service’s status', () => {
  it('is its tunnel’s while nothing was checked', () => {
    expect(statusOf({}, true)).toBe('active')
    expect(statusOf({}, false)).toBe('offline')
  })

  it('is what the last check found, unless the agent is gone', () => {
    expect(statusOf({ status: 'unreachable' }, true)).toBe('unreachable')
    expect(statusOf({ status: 'unreachable' }, false)).toBe('offline')
    expect(statusOf({ status: 'offline' }, true)).toBe('active')
  })

  it('is the check’s alone for an external service', () => {
    expect(statusOf({ agentId: null, isExternal: true }, true)).toBe('unknown')
    expect(statusOf({ agentId: null, isExternal: true, status: 'active' }, false)).toBe('active')
  })
})

it('shows what the contract has and nothing of the row beside it', () => {
  const ports = { isAgentOnline: () => true } as Partial<ApiPorts> as ApiPorts
  const shown = presentService({ ports }, row)
  expect(service.parse(shown)).toEqual(shown)
  expect(shown).not.toHaveProperty('workspaceId')
})
