import { TRPCClientError } from '@trpc/client'
import { expect, it } from 'vitest'
import { areBesideFields, fieldErrors } from './field-errors.ts'

const refused = new TRPCClientError('Invalid', {
  result: {
    error: {
      code: -32_600,
      message: 'Invalid',
      data: { code: 'request.invalid', issues: [{ path: 'allowedPaths.0', message: 'Must begin with /' }] },
    },
  },
})

it('names the field that each issue is about', () => {
  expect(fieldErrors(refused)).toEqual({ allowedPaths: 'Must begin with /' })
  expect(fieldErrors(null)).toEqual({})
})

it('answers one object for one error, or what was mended would be called wrong again', () => {
  expect(fieldErrors(refused)).toBe(fieldErrors(refused))
  expect(fieldErrors(null)).toBe(fieldErrors(null))
})

it('knows whether all that is wrong has a field to be said beside', () => {
  expect(areBesideFields(refused, ['name', 'allowedPaths'])).toBe(true)
  expect(areBesideFields(refused, ['name'])).toBe(false)
  expect(areBesideFields(new Error('The hub is away.'), ['allowedPaths'])).toBe(false)
})
