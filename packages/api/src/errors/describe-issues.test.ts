import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeIssues } from './describe-issues.ts'
import { invalidRequest } from './to-api-error.ts'

const schema = z.strictObject({
  name: z.string().min(1, 'Must not be empty'),
  port: z.int(),
  paths: z.array(z.strictObject({ pattern: z.string() })).optional(),
})

const issuesOf = (value: unknown) => describeIssues(schema.safeParse(value).error?.issues ?? [])

describe('describeIssues', () => {
  it('says what is missing', () => {
    expect(issuesOf({})).toEqual([
      { path: 'name', message: 'Is required' },
      { path: 'port', message: 'Is required' },
    ])
  })

  it('tells a missing field from a wrong one', () => {
    expect(issuesOf({ name: 7, port: 'x' })).toEqual([
      { path: 'name', message: 'Invalid input: expected string, received number' },
      { path: 'port', message: 'Invalid input: expected number, received string' },
    ])
  })

  it('names each unknown field by its path', () => {
    expect(issuesOf({ name: 'a', port: 1, id: 1, role: 1, paths: [{ pattern: 'x', admin: true }] })).toEqual([
      { path: 'paths.0.admin', message: 'Is not a field of this operation' },
      { path: 'id', message: 'Is not a field of this operation' },
      { path: 'role', message: 'Is not a field of this operation' },
    ])
  })

  it('has an empty path for the whole', () => {
    expect(issuesOf(null)).toEqual([{ path: '', message: 'Invalid input: expected object, received null' }])
  })

  // Guarantee (DOS-07): an answer stays small whatever was sent.
  it('stays small for a million keys and for keys of a million characters', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_value, index) => [`k${index}`, 1]))
    expect(issuesOf(many)).toHaveLength(20)
    const long = issuesOf({ name: 'a', port: 1, ['x'.repeat(1_000_000)]: 1 })
    expect(JSON.stringify(long).length).toBeLessThan(300)
  })

  it('describes whatever a contract refuses', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const issues = issuesOf(value)
        expect(issues.length).toBeLessThanOrEqual(20)
        expect(issues.length > 0).toBe(!schema.safeParse(value).success)
        expect(issues.every(({ path, message }) => path.length <= 200 && message.length > 5)).toBe(true)
      }),
    )
  })
})

describe('invalidRequest', () => {
  it('says the first issue in its sentence and has all of them', () => {
    const issues = [
      { path: 'allowedPaths.0', message: 'The pattern "api/*" must begin with /' },
      { path: 'name', message: 'Is required' },
    ]
    const error = invalidRequest(issues)
    expect(error.code).toBe('request.invalid')
    expect(error.publicMessage).toBe(
      'The request is not valid. allowedPaths.0: The pattern "api/*" must begin with /.',
    )
    expect(error.issues).toEqual(issues)
  })

  it('needs no issue and no path', () => {
    expect(invalidRequest([]).publicMessage).toMatch(/^The request is not valid/)
    expect(invalidRequest([{ path: '', message: 'The body must be a JSON object' }]).publicMessage).toBe(
      'The request is not valid. The body must be a JSON object.',
    )
  })
})
