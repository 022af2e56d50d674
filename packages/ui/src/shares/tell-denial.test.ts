import { expect, it } from 'vitest'
import { tellDenial } from './tell-denial.ts'

it.each([
  ['share.path_not_allowed', 'path not allowed'],
  ['something.new', 'something.new'],
  ['constructor', 'constructor'],
])('%s is told as %s', (code, told) => {
  expect(tellDenial(code)).toBe(told)
})
