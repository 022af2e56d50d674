import type { ShareChanges, ShareRow } from '@private-connect/db'
import { describe, expect, it } from 'vitest'
import { isNarrower } from './is-narrower.ts'

const soon = new Date('2026-03-02T10:00:00Z')
const late = new Date('2026-03-09T10:00:00Z')
const shareWith = (fields: Partial<ShareRow>): ShareRow =>
  ({
    expiresAt: null,
    allowedPaths: null,
    allowedMethods: null,
    allowWrites: false,
    ...fields,
  }) as ShareRow

describe('isNarrower', () => {
  it.each<[string, Partial<ShareRow>, ShareChanges]>([
    ['an end where there was none', {}, { expiresAt: late }],
    ['a sooner end', { expiresAt: late }, { expiresAt: soon }],
    ['paths where all were allowed', {}, { allowedPaths: ['/a'] }],
    ['one path less', { allowedPaths: ['/a', '/b'] }, { allowedPaths: ['/a', '/c'] }],
    ['one method less', { allowedMethods: ['GET', 'POST'] }, { allowedMethods: ['GET'] }],
    ['no more writing', { allowWrites: true }, { allowWrites: false }],
  ])('is true for %s', (_what, before, changes) => {
    expect(isNarrower(shareWith(before), changes)).toBe(true)
  })

  it.each<[string, Partial<ShareRow>, ShareChanges]>([
    ['nothing of it', { expiresAt: soon, allowedPaths: ['/a'] }, { name: 'x', rateLimitPerMin: 1 }],
    ['no end any more', { expiresAt: soon }, { expiresAt: null }],
    ['a later end', { expiresAt: soon }, { expiresAt: late }],
    ['one path more', { allowedPaths: ['/a'] }, { allowedPaths: ['/b', '/a'] }],
    ['all methods', { allowedMethods: ['GET'] }, { allowedMethods: null }],
    ['writing', {}, { allowWrites: true }],
  ])('is false for %s', (_what, before, changes) => {
    expect(isNarrower(shareWith(before), changes)).toBe(false)
  })
})
