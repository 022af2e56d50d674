import { describe, expect, it } from 'vitest'
import { EnvError, readEnv, resolveUrls } from './env.ts'
import { isLoopbackName } from './env-values.ts'

const secret = '0123456789abcdef0123456789abcdef'
const production = {
  DATABASE_URL: 'postgresql://hub@db/hub',
  HUB_SECRET: secret,
  HUB_URL: 'https://hub.example.com',
  LINK_URL: 'https://link.example.com',
}

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readEnv(env)
  } catch (error) {
    if (error instanceof EnvError) return error.problems
    throw error
  }
  return []
}

describe('readEnv', () => {
  it('needs nothing on the embedded default and allows loopback targets there', () => {
    const env = readEnv({})
    expect(env).toMatchObject({ HOST: '127.0.0.1', PORT: 7300, isEmbedded: true })
    expect(env.allowPrivateTargets.some((range) => range.contains('127.0.0.1'))).toBe(true)
    expect(env.allowPrivateTargets.some((range) => range.contains('10.0.0.1'))).toBe(false)
    expect(Object.isFrozen(env)).toBe(true)
  })

  it('takes a complete production configuration and then allows no private target', () => {
    expect(readEnv(production).allowPrivateTargets).toEqual([])
  })

  it('lists every problem at once', () => {
    const problems = problemsOf({ PORT: '70000', LINK_URL: 'ftp://x', SHARE_STREAMS_MAX: 'many' })
    expect(problems).toHaveLength(3)
    expect(problems.join('\n')).toMatch(/PORT .*\nLINK_URL .*\nSHARE_STREAMS_MAX /s)
  })

  it.each([
    ['a missing secret', { HUB_SECRET: '' }, /HUB_SECRET is required/],
    ['a short secret', { HUB_SECRET: '12345678' }, /HUB_SECRET must have at least 32/],
    [
      'a guessable secret',
      { HUB_SECRET: 'change-me'.repeat(4).replaceAll('h', 'c') },
      /HUB_SECRET is too easy/,
    ],
    ['an http hub URL', { HUB_URL: 'http://hub.example.com' }, /HUB_URL must begin with https/],
    ['an http link URL', { LINK_URL: 'http://link.example.com' }, /LINK_URL must begin with https/],
    ['a URL with a path', { HUB_URL: 'https://hub.example.com/x' }, /HUB_URL must be like/],
    ['trusting every proxy', { TRUSTED_PROXIES: 'true' }, /TRUSTED_PROXIES has 'true'/],
    ['trusting every address', { TRUSTED_PROXIES: '0.0.0.0/0' }, /TRUSTED_PROXIES may not name every/],
    [
      'trusting every IPv6 address',
      { TRUSTED_PROXIES: '10.0.0.0/8, ::/0' },
      /TRUSTED_PROXIES may not name every/,
    ],
    [
      'a mail server of another kind',
      { SMTP_URL: 'https://mail.example.com', MAIL_FROM: 'hub@example.com' },
      /SMTP_URL must be like/,
    ],
    ['a mail server without a sender', { SMTP_URL: 'smtps://mail.example.com' }, /MAIL_FROM is required/],
    ['a sender that is none', { MAIL_FROM: 'Hub <hub>' }, /MAIL_FROM must be like/],
    ['a sender of two', { MAIL_FROM: 'a@example.com, b@example.com' }, /MAIL_FROM must be like/],
    [
      'a sender with a line break',
      { MAIL_FROM: 'Hub\r\nBcc: x <hub@example.com>' },
      /MAIL_FROM must be like/,
    ],
    ['a short metrics token', { METRICS_TOKEN: 'abc' }, /METRICS_TOKEN/],
  ])('refuses %s with one clear line', (_, change, line) => {
    const problems = problemsOf({ ...production, ...change })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(line)
  })

  it.each([
    ['Private Connect <Hub@Example.com>', { name: 'Private Connect', address: 'hub@example.com' }],
    ['hub@example.com', { name: '', address: 'hub@example.com' }],
  ])('takes the sender %s', (MAIL_FROM, sender) => {
    expect(readEnv({ MAIL_FROM, SMTP_URL: 'smtp://u:p@localhost:2525' }).MAIL_FROM).toEqual(sender)
  })

  it('never repeats a secret in a problem', () => {
    expect(problemsOf({ SMTP_URL: 'http://u:hunter2@mail', MAIL_FROM: 'a@b.c' }).join()).not.toContain(
      'hunter2',
    )
    expect(problemsOf({ ...production, HUB_SECRET: 'hunter2' }).join()).not.toContain('hunter2')
  })
})

describe('resolveUrls', () => {
  it('gives shares a localhost subdomain only while links are loopback', () => {
    expect(resolveUrls(readEnv({}), 7300)).toEqual({
      hubUrl: 'http://127.0.0.1:7300',
      linkUrl: 'http://localhost:7300',
      shareDomain: 'localhost:7300',
    })
    expect(resolveUrls(readEnv(production), 7300)).toMatchObject({
      linkUrl: 'https://link.example.com',
      shareDomain: null,
    })
    const domain = readEnv({ ...production, SHARE_DOMAIN: 'Share.Example.com' })
    expect(resolveUrls(domain, 1).shareDomain).toBe('share.example.com')
  })
})

describe('isLoopbackName', () => {
  it.each(['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]'])('%s', (name) => {
    expect(isLoopbackName(name)).toBe(true)
  })
  it.each(['localhost.example.com', '10.0.0.1', 'example.com', '127.0.0.1.example.com'])('not %s', (name) => {
    expect(isLoopbackName(name)).toBe(false)
  })
})

// What it names is run with the rights of the hub's own pages.
describe('DASHBOARD_DEV_URL', () => {
  const problemsOf = (settings: Record<string, string>): readonly string[] => {
    try {
      readEnv(settings)
      return []
    } catch (error) {
      return (error as EnvError).problems
    }
  }

  it.each(['http://127.0.0.1:7301', 'http://localhost:5173', 'http://[::1]:7301'])('may be %s', (url) => {
    expect(readEnv({ DASHBOARD_DEV_URL: url }).DASHBOARD_DEV_URL?.origin).toBe(url)
  })

  it.each([
    'http://10.0.0.1:7301',
    'http://example.com',
    'http://127.0.0.1.example.com:7301',
    'https://127.0.0.1:7301',
    'http://user@127.0.0.1:7301',
    'http://127.0.0.1:7301/src',
    'file:///etc/passwd',
  ])('may not be %s', (url) => {
    expect(problemsOf({ DASHBOARD_DEV_URL: url })).toEqual([
      expect.stringMatching(/^DASHBOARD_DEV_URL must be/),
    ])
  })

  it.each([
    { NODE_ENV: 'production' },
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { HUB_URL: 'https://hub.example.com' },
  ])('is refused in production and where others reach the hub: %j', (others) => {
    const settings = { DASHBOARD_DEV_URL: 'http://127.0.0.1:7301', ...others }
    expect(problemsOf(settings)).toEqual([expect.stringMatching(/^DASHBOARD_DEV_URL is for development/)])
  })
})
