// Guarantee (SPEC §7): a share of a database writes only where it says so, its workspace does not forbid it and its
// methods are not GET alone.
import { expect, it } from 'vitest'
import { mayWrite } from './database-grant.ts'

const database = {
  engine: 'postgresql',
  allowWrites: true,
  isReadOnly: false,
  maskedColumns: [],
  linkId: null,
} as const

it.each([
  ['that says nothing', { allowWrites: false }, null, false],
  ['that says so', {}, null, true],
  ['whose workspace only reads', { isReadOnly: true }, null, false],
  ['of GET alone', {}, ['GET'], false],
  ['of GET and POST', {}, ['GET', 'POST'], true],
  ['of POST', {}, ['POST'], true],
  ['of GET and DELETE whose workspace only reads', { isReadOnly: true }, ['GET', 'DELETE'], false],
  ['of POST that says nothing', { allowWrites: false }, ['POST'], false],
] as const)('a share %s', (...[, changes, allowedMethods, isWritable]) => {
  expect(mayWrite({ allowedMethods }, { ...database, ...changes })).toBe(isWritable)
})
