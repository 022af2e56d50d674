import { expect, it } from 'vitest'
import { tellAction } from './tell-action.ts'

it.each([
  ['user', 'share.revoked', 'A person revoked a share'],
  ['api_key', 'share.created', 'An API key shared a service'],
  ['system', 'something.new', 'The hub something.new'],
  ['agent', 'constructor', 'A machine constructor'],
] as const)('%s %s', (actorKind, action, told) => {
  expect(tellAction(actorKind, action)).toBe(told)
})
