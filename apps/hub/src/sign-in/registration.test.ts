import { describe, expect, it } from 'vitest'
import { registration } from '../env-values.ts'
import { mayRegister } from './registration.ts'

const decide = (setting: string, email: string) => mayRegister(registration.parse(setting), email)

describe('REGISTRATION', () => {
  it.each([
    ['open', 'a@example.com', true],
    ['closed', 'a@example.com', false],
    ['example.com', 'a@example.com', true],
    ['Example.com, example.org', 'A@EXAMPLE.ORG', true],
    ['example.com', 'a@sub.example.com', false],
    ['example.com', 'a@notexample.com', false],
    ['example.com', 'a@example.com.evil.org', false],
    ['example.com', '"a@example.com"@evil.org', false],
  ])('%s: %s may register: %s', (setting, email, isAllowed) => {
    expect(decide(setting, email)).toBe(isAllowed)
  })

  it.each([
    '',
    'close',
    'open,closed',
    'example',
    '@example.com',
    'a@example.com',
    '*.example.com',
    'a b.com',
  ])('refuses %j, rather than leave the door open', (setting) => {
    expect(registration.safeParse(setting).success).toBe(false)
  })
})
