import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { AppError } from '@private-connect/errors'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority, type TestAuthority } from '../kit/certificates.ts'
import { cleanUp } from '../tunnel/kit/tunnel-rig.ts'
import { answers, startHostileMysql } from './kit/hostile-mysql.ts'
import { startMariaDb, type MariaDb } from './kit/mariadb-server.ts'
import { connectionTo, errorOf, fillShop, reader, runMysql } from './kit/mysql-database.ts'

/**
 * Guarantee: a server, or who sits in its place, gets no file of the hub's and no password it could read; TLS is spoken
 * where it is asked for or not at all, with a certificate that verifies for the host where that is asked for.
 */
afterEach(cleanUp)

describe('a server that is not a friend', () => {
  it.each(['/etc/passwd', 'package.json'])('gets no file by LOCAL INFILE: %s', async (path) => {
    const server = await startHostileMysql((index) => (index === 0 ? answers.ok : answers.sendFile(path)))
    const error = await errorOf(runMysql(connectionTo(server.port), 'SELECT 1'))
    expect(error.code).toMatch(/^query\.(?:failed|unavailable)$/)
    expect(server.received().toString('latin1')).not.toMatch(/root:|private-connect/)
  })

  it.each(['mysql_clear_password', 'sha256_password', 'dialog', '__proto__'])(
    'gets no password in the clear by %s',
    async (plugin) => {
      const server = await startHostileMysql((index) => (index === 0 ? answers.switchPlugin(plugin) : null))
      const error = await errorOf(runMysql(connectionTo(server.port), 'SELECT 1'))
      expect(error.code).toBe('query.unavailable')
      expect(server.received().includes(reader.password)).toBe(false)
    },
  )

  it('is not asked to load files: the client’s own flags say so', async () => {
    const server = await startHostileMysql(() => Buffer.from('\xff\x15\x04#28000no', 'latin1'))
    await errorOf(runMysql(connectionTo(server.port), 'SELECT 1'))
    const flags = server.received().readUInt32LE(4)
    expect([flags & 0x80, flags & 0x10000, flags & 0x20000]).toEqual([0, 0, 0])
  })

  it.each(['require', 'verify'] as const)('gets no login without TLS when it is “%s”', async (mode) => {
    const server = await startHostileMysql(() => answers.ok)
    const error = await errorOf(runMysql(connectionTo(server.port, { tls: mode }), 'SELECT 1'))
    expect(error.code).toBe('query.unavailable')
    expect(server.received().length).toBe(0)
  })

  it('gets no login when it only pretends to speak TLS', async () => {
    const server = await startHostileMysql(() => answers.ok, true)
    const error = await errorOf(runMysql(connectionTo(server.port, { tls: 'require' }), 'SELECT 1'))
    expect(error.code).toBe('query.unavailable')
    expect(server.received().toString('latin1')).not.toContain(reader.username)
  })

  it('cannot break the hub with packets that are none', async () => {
    const rubbish = [
      Buffer.alloc(0),
      Buffer.from([1]),
      Buffer.from([3, 3]),
      Buffer.alloc(300, 0xff),
      Buffer.from('\xfc\xff\xff'),
    ]
    for (const payload of rubbish) {
      const server = await startHostileMysql((index) => (index === 0 ? answers.ok : payload))
      const controller = new AbortController()
      const timer = setTimeout(() => controller.abort(new AppError('query.timeout')), 500)
      const error = await errorOf(
        runMysql(connectionTo(server.port), 'SELECT 1', { signal: controller.signal }),
      )
      clearTimeout(timer)
      expect(error.code).toMatch(/^query\./)
    }
  })
})

describe('TLS to MySQL', () => {
  let db: MariaDb
  let authority: TestAuthority
  let folder: string
  const trusted = tls.getCACertificates('default')

  beforeAll(async () => {
    authority = createAuthority()
    const { key, cert } = authority.issue('DNS:db.example.test,IP:127.0.0.1')
    folder = await mkdtemp(join(tmpdir(), 'pc-mysql-tls-'))
    await writeFile(join(folder, 'key.pem'), key)
    await writeFile(join(folder, 'cert.pem'), cert)
    db = await startMariaDb([
      `--ssl-key=${join(folder, 'key.pem')}`,
      `--ssl-cert=${join(folder, 'cert.pem')}`,
    ])
    await fillShop(db)
    await db.admin('ALTER USER reader REQUIRE SSL')
  })
  afterAll(async () => {
    tls.setDefaultCACertificates(trusted)
    await db.stop()
    authority.remove()
    await rm(folder, { recursive: true })
  })

  const cipher = async (host: string, mode: 'off' | 'require' | 'verify') => {
    const { rows } = await runMysql(
      connectionTo(db.port, { host, tls: mode }),
      "SHOW STATUS LIKE 'Ssl_cipher'",
    )
    return rows[0]?.Value
  }

  it('verifies the certificate for the host', async () => {
    expect((await errorOf(cipher('db.example.test', 'verify'))).code).toBe('query.unavailable')
    tls.setDefaultCACertificates([...trusted, authority.ca])
    expect(await cipher('db.example.test', 'verify')).toMatch(/^TLS_/)
    expect(await cipher('127.0.0.1', 'verify')).toMatch(/^TLS_/)
    for (const host of ['other.example.test', 'localhost', '127.0.0.2']) {
      expect((await errorOf(cipher(host, 'verify'))).code).toBe('query.unavailable')
    }
  })

  it('takes any certificate only where that is what was asked for, and never plain text', async () => {
    tls.setDefaultCACertificates(trusted)
    expect(await cipher('other.example.test', 'require')).toMatch(/^TLS_/)
    expect((await errorOf(cipher('db.example.test', 'off'))).code).toBe('query.unavailable')
  })
})
