import type { ShareMethod } from '@private-connect/api/contracts'
import { describe, expect, it } from 'vitest'
import { describeRights } from './describe-rights.ts'

const all: ShareMethod[] = ['GET', 'POST']

describe('describeRights', () => {
  it.each([
    [false, null, false, false],
    [true, null, false, true],
    [true, all, false, true],
    [true, ['GET' as const], false, false],
    [true, null, true, false],
  ])('writes %s, methods %j, read-only workspace %s', (...[allowWrites, allowedMethods, isReadOnly, may]) => {
    const share = { allowWrites, allowedMethods }
    expect(describeRights(share, { databasesReadOnly: isReadOnly }).mayWrite).toBe(may)
  })

  it('says what a share is told while the workspace is not known yet', () => {
    expect(describeRights({ allowWrites: true, allowedMethods: null }, undefined).mayWrite).toBe(true)
  })
})
