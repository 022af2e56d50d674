import * as tls from 'node:tls'
import { connect, createServer, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { postgresqlEngine } from '../../src/query/postgresql/postgresql-engine.ts'
import { createAuthority, type TestAuthority } from '../kit/certificates.ts'
import { cleanUp, startService } from '../tunnel/kit/tunnel-rig.ts'
import { directDial } from './kit/ask-engine.ts'
import { createAsker, type AskerOptions } from './kit/ask-postgres.ts'
import { flavours, startPostgres, type PostgresServer } from './kit/postgres-server.ts'

const { signal } = new AbortController()

// DBQ-08, DBQ-10, DBQ-11, PG-10: a role that may do too much is refused unless its owner confirmed it; TLS is never less
// than what was asked for; and errors tell the asker of the query, not of the login or the server.
describe.each(flavours)('logins on %s', (flavour) => {
  let server: PostgresServer
  let authority: TestAuthority
  const known = tls.getCACertificates('default')
  beforeAll(async () => {
    authority = createAuthority()
    tls.setDefaultCACertificates([...known, authority.ca])
    server = await startPostgres(flavour, { certificate: authority.issue('DNS:db.internal.test') })
    await server.admin(
      `CREATE ROLE reader LOGIN PASSWORD 'reader-password'; CREATE ROLE replica LOGIN REPLICATION PASSWORD 'p';
       CREATE ROLE seer LOGIN BYPASSRLS PASSWORD 'p'; CREATE ROLE maker LOGIN CREATEROLE PASSWORD 'p';
       CREATE ROLE filer LOGIN PASSWORD 'p'; GRANT pg_read_server_files TO filer;
       CREATE ROLE middle; GRANT pg_execute_server_program TO middle; CREATE ROLE inner_one LOGIN NOINHERIT PASSWORD 'p'; GRANT middle TO inner_one;
       CREATE ROLE rds_superuser; CREATE ROLE cloud LOGIN PASSWORD 'p'; GRANT rds_superuser TO cloud;
       CREATE ROLE under LOGIN PASSWORD 'p'; GRANT admin TO under;
       CREATE ROLE monitor LOGIN PASSWORD 'p'; GRANT pg_monitor, pg_read_all_data TO monitor`,
    )
    await server.admin('CREATE DATABASE app')
    await server.admin(
      'CREATE TABLE secrets (id int); CREATE SCHEMA hidden; CREATE TABLE hidden.t (id int)',
      'app',
    )
  })
  afterEach(() => cleanUp())
  afterAll(async () => {
    tls.setDefaultCACertificates(known)
    authority.remove()
    await server.stop()
  })
  const login = (options: Partial<AskerOptions> = {}) => createAsker({ port: server.port, ...options })

  it.each([
    ['admin', 'is a superuser', 'admin-password'],
    ['replica', 'may replicate the whole server', 'p'],
    ['seer', 'bypasses row-level security', 'p'],
    ['maker', 'may create roles', 'p'],
    ['filer', 'is a member of pg_read_server_files', 'p'],
    ['inner_one', 'is a member of pg_execute_server_program', 'p'],
    ['cloud', 'is a member of rds_superuser', 'p'],
    ['under', 'is a member of admin', 'p'],
  ])('refuses %s, who %s, unless the owner confirmed it', async (username, reason, password) => {
    const ask = login({ username, password })
    await expect(ask('SELECT 1')).rejects.toMatchObject({ code: 'query.role_refused' })
    const finding = await postgresqlEngine.inspectRole(ask.connection, signal)
    expect(finding).toEqual({ isPrivileged: true, reason: expect.stringContaining(reason) })
    expect(await ask('SELECT 1 AS a', { rules: { allowPrivilegedRole: true } })).toMatchObject({
      rows: [{ a: 1 }],
    })
  })

  it.each(['reader', 'monitor'])('finds nothing against %s', async (username) => {
    const password = username === 'reader' ? 'reader-password' : 'p'
    const ask = login({ username, password })
    expect(await postgresqlEngine.inspectRole(ask.connection, signal)).toEqual({
      isPrivileged: false,
      reason: null,
    })
    expect(await ask('SELECT 1 AS a')).toMatchObject({ rows: [{ a: 1 }] })
  })

  const isEncrypted = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
  it.each([
    ['verify', 'db.internal.test', true],
    ['require', 'other.test', true],
    ['off', 'db.internal.test', false],
  ] as const)('speaks TLS as asked: %s with %s', async (mode, host, ssl) => {
    expect((await login({ tls: mode, host })(isEncrypted)).rows).toEqual([{ ssl }])
  })

  it('cancels over TLS as well', async () => {
    const asking = login({ tls: 'verify' })('SELECT count(*) FROM generate_series(1, 10000000000)', {
      signal: AbortSignal.timeout(300),
    })
    await expect(asking).rejects.toMatchObject({ name: 'TimeoutError' })
    await vi.waitFor(async () => {
      const rows = await server.admin("SELECT query FROM pg_stat_activity WHERE usename = 'reader'")
      expect(rows).toEqual([])
    }, 5_000)
  })

  it('refuses a certificate for another host, and one that nobody signed', async () => {
    await expect(login({ tls: 'verify', host: 'other.test' })('SELECT 1')).rejects.toMatchObject({
      code: 'query.unavailable',
    })
    tls.setDefaultCACertificates(known)
    await expect(login({ tls: 'verify' })('SELECT 1')).rejects.toMatchObject({ code: 'query.unavailable' })
    tls.setDefaultCACertificates([...known, authority.ca])
  })

  it.each([
    ['says that it has no TLS', 'N'],
    ['slips bytes in before TLS', 'SR\0\0\0\x08\0\0\0\0'],
    ['answers with an error', 'E\0\0\0\x10SFATAL\0Mno\0\0'],
  ])('speaks no word in clear to somebody in between who %s', async (_what, answer) => {
    const heard: Buffer[] = []
    const port = await startService((socket) => {
      socket.on('data', (chunk: Buffer) => heard.push(chunk))
      socket.once('data', () => socket.write(Buffer.from(answer, 'latin1')))
    })
    const ask = login({ tls: 'require', port, dial: directDial(port) })
    await expect(ask('SELECT 1')).rejects.toMatchObject({ code: 'query.unavailable' })
    const said = Buffer.concat(heard)
    expect(said.subarray(0, 8)).toEqual(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))
    expect(said.toString('latin1')).not.toContain('reader')
  })

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['an unknown role', { username: 'nobody' }],
    ['an unknown database', { database: 'nowhere' }],
  ])('tells the visitor nothing of %s', async (_what, options) => {
    const failure = await login(options)('SELECT 1').catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'query.unavailable',
      publicMessage: 'The hub could not open a session with the shared database.',
    })
    expect((failure as Error).message).not.toMatch(/wrong|reader|nobody/)
  })

  it('answers 502 for a server that hangs up, says nothing of PostgreSQL, or is not there', async () => {
    const silent = await startService((socket) => socket.end())
    await expect(login({ dial: directDial(silent) })('SELECT 1')).rejects.toMatchObject({
      row: { status: 502 },
    })
    const web = await startService((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await expect(login({ dial: directDial(web) })('SELECT 1')).rejects.toMatchObject({
      row: { status: 502 },
    })
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    await expect(login({ dial: directDial(port) })('SELECT 1')).rejects.toMatchObject({
      row: { status: 502 },
    })
  })

  it('gives up on a server that never answers', async () => {
    const mute = await startService(() => {})
    const asking = login({ dial: directDial(mute) })('SELECT 1', { signal: AbortSignal.timeout(200) })
    await expect(asking).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it.each([
    ['SELECT nosuch FROM secrets', '42703', 8],
    ['SELECT * FROM secrets', '42501', null],
    ['SELECT * FROM hidden.t', '42501', 15],
    ['SELECT 1 / 0', '22012', null],
    ["SELECT 'reader-pass' || 'word' || 1 / 0", '22012', null],
    ["SELECT ('reader-' || 'password')::int", '22P02', null],
    ["SELECT ('/etc/' || 'passwd')::int", '22P02', null],
    ["SELECT ('host=db.internal.test ' || 'postgres://u:p@h/d')::int", '22P02', null],
    ['SELECT lenght(1)', '42883', 8],
  ])('gives the database’s own code and place, and no secret: %s', async (query, databaseCode, position) => {
    const failure = (await login()(query).catch((error: unknown) => error)) as { publicMessage: string }
    expect(failure).toMatchObject({ code: 'query.failed', query: { databaseCode, position } })
    expect(JSON.stringify(failure)).not.toMatch(/reader-password|\/etc\/passwd|db\.internal|u:p@h/)
  })

  it('does not read the environment or files of the hub for a login', async () => {
    process.env['PGPASSWORD'] = 'admin-password'
    process.env['PGUSER'] = 'admin'
    process.env['PGSSLMODE'] = 'require'
    try {
      await expect(login({ username: 'admin', password: '' })('SELECT 1')).rejects.toMatchObject({
        code: 'query.unavailable',
      })
      expect((await login()('SELECT current_user AS u')).rows).toEqual([{ u: 'reader' }])
    } finally {
      for (const name of ['PGPASSWORD', 'PGUSER', 'PGSSLMODE']) delete process.env[name]
    }
  })
})

// The dial of a test keeps sockets open no longer than the query.
it('closes its connection before it answers', async () => {
  const server = await startPostgres('debian-15')
  try {
    await server.admin("CREATE ROLE reader LOGIN PASSWORD 'reader-password'")
    await server.admin('CREATE DATABASE app')
    const socket = connect({ port: server.port, host: '127.0.0.1' })
    const ask = createAsker({ port: server.port, dial: () => Promise.resolve(socket) })
    await ask('SELECT 1')
    expect(socket.destroyed).toBe(true)
  } finally {
    await server.stop()
  }
})
