// Guarantee (DBQ-10): what a database says reaches the asker without login, host, addresses, connection strings and paths.
import { describe, expect, it } from 'vitest'
import { connectFailed, failQuery, scrubSecrets } from './query-errors.ts'

const connection = {
  host: 'db.internal.test',
  login: { username: 'auditor', password: 'pa$$(w)ord', database: 'shop' },
}

describe('a message', () => {
  it.each([
    ['password authentication failed for user "auditor"', 'password authentication failed for user "***"'],
    [
      "Access denied for user 'auditor'@'10.0.0.5' (using password: YES)",
      'Access denied for user *** (using password: YES)',
    ],
    ['connect ECONNREFUSED 10.0.0.5:5432', 'connect ECONNREFUSED ***'],
    ['could not open file "/var/lib/postgresql/15/main/base/5"', 'could not open file "***"'],
    ['bad url postgres://auditor:x@db/shop?a=b', 'bad url ***'],
    ['getaddrinfo ENOTFOUND db.internal.test', 'getaddrinfo ENOTFOUND ***'],
    ['the password is pa$$(w)ord.', 'the password is ***.'],
    ['column "a/b" of users.email is 1/2', 'column "a/b" of users.email is 1/2'],
  ])('%s', (text, clean) => {
    expect(scrubSecrets(text, connection)).toBe(clean)
  })

  it('is short, and keeps what helps', () => {
    const error = failQuery(
      'x'.repeat(5_000),
      { databaseCode: '42703', position: 8, hint: 'see /etc/passwd/x' },
      connection,
    )
    expect(error.publicMessage).toHaveLength(1_000)
    expect(error.query).toEqual({ databaseCode: '42703', position: 8, hint: 'see ***' })
  })

  it('of a connection that failed is for the log alone', () => {
    const error = connectFailed(new Error('no entry for host 10.0.0.5, user "auditor"'), connection)
    expect(error.publicMessage).not.toContain('entry')
    expect(error.message).toBe('no entry for host ***, user "***"')
  })
})
