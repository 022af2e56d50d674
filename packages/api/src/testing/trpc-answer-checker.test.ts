import superjson from 'superjson'
import { expect, it } from 'vitest'
import { findTrpcFault } from './trpc-answer-checker.ts'

const find = (data: unknown, procedure = 'agents.delete') =>
  findTrpcFault({ procedure, body: { result: { data: superjson.serialize(data) } } })

it('lets pass what the contract says, and what is no success of an operation', () => {
  expect(find({ success: true })).toBeNull()
  expect(findTrpcFault({ procedure: 'agents.delete', body: { error: {} } })).toBeNull()
  expect(find({ anything: 1 }, 'no.such.procedure')).toBeNull()
})

it.each([
  ['a wrong value', { success: false }],
  ['a missing field', {}],
  ['a field too many', { success: true, secret: 'x' }],
])('finds %s', (_what, data) => {
  expect(find(data)).toMatch(/^agents.delete over tRPC /)
})
