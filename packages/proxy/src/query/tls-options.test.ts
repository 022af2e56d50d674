import { expect, it } from 'vitest'
import { tlsOptionsOf } from './tls-options.ts'

// A database is spoken to as its owner chose: plainly, with TLS by anybody, or with TLS by whoever proves the name. A
// certificate is never left unproven where proof was asked for.
it('says nothing of TLS where it is off', () => {
  expect(tlsOptionsOf({ tls: 'off', host: 'db.example' })).toBeNull()
})

it.each(['require', 'verify'] as const)('%s proves the certificate only where that was asked for', (tls) => {
  expect(tlsOptionsOf({ tls, host: 'db.example' })?.rejectUnauthorized).toBe(tls === 'verify')
})

it('names the server by its host', () => {
  const options = tlsOptionsOf({ tls: 'verify', host: 'db.example' })
  expect(options).toEqual({ host: 'db.example', servername: 'db.example', rejectUnauthorized: true })
})

it.each(['192.0.2.7', '2001:db8::7'])(
  'sends no server name for the address %s, and still checks it',
  (host) => {
    expect(tlsOptionsOf({ tls: 'verify', host })).toEqual({ host, rejectUnauthorized: true })
  },
)
