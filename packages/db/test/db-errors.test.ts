import { createServer } from 'node:net'
import { expect, inject, it } from 'vitest'
import { AppError } from '@private-connect/errors'
import { createDb, findUserByEmail, inTransaction } from '../src/index.ts'
import { createTestDb } from '../src/testing/index.ts'

// Guarantee: whatever goes wrong with the database reaches callers as an AppError; "not now" is told from "never".

it('a server that is not there is hub.store_unavailable', async () => {
  const attempt = createDb({ url: 'postgresql://a:b@127.0.0.1:1/x' })
  await expect(attempt).rejects.toMatchObject({ code: 'hub.store_unavailable' })
})

it('a raw query while the server cannot be reached is hub.store_unavailable too', async () => {
  const { url, close } = await createTestDb()
  const db = await createDb({ url, connectTimeoutMs: 500, onIdleError: () => {} })
  // New connections of the pool find nobody from now on.
  Object.assign(db.pool.options, { connectionString: 'postgresql://a:b@127.0.0.1:1/x' })
  await db.pool.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => null)
  await expect(db.client.$queryRaw`SELECT 1`).rejects.toMatchObject({ code: 'hub.store_unavailable' })
  await expect(db.client.$executeRaw`SELECT 1`).rejects.toMatchObject({ code: 'hub.store_unavailable' })
  await db.close()
  await close()
})

it('a server that accepts and says nothing is given up after the connect timeout', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const startedMs = performance.now()
  const attempt = createDb({ url: `postgresql://a:b@127.0.0.1:${port}/x`, connectTimeoutMs: 300 })
  await expect(attempt).rejects.toMatchObject({ code: 'hub.store_unavailable' })
  expect(performance.now() - startedMs).toBeLessThan(3000)
  server.close()
})

it('a statement over its time is cancelled and is hub.store_unavailable; the pool goes on', async () => {
  const { url, close } = await createTestDb()
  const db = await createDb({ url, statementTimeoutMs: 200 })
  const slow = db.client.$queryRaw`SELECT 1 FROM pg_sleep(20)`
  await expect(slow).rejects.toMatchObject({ code: 'hub.store_unavailable' })
  expect(await findUserByEmail(db, 'a@example.com')).toBeNull()
  await db.close()
  await close()
})

it('connections that the server cuts come back by themselves', async () => {
  const { db, close } = await createTestDb()
  await findUserByEmail(db, 'a@example.com')
  const other = await createDb({ url: inject('testDbServerUrl') })
  const name = new URL(db.url).pathname.slice(1)
  await other.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
  await other.close()
  // The first query may still get a dead connection; that error says to try again.
  const first = await findUserByEmail(db, 'a@example.com').catch((error: { code: string }) => error.code)
  expect([null, 'hub.store_unavailable']).toContain(first)
  expect(await findUserByEmail(db, 'a@example.com')).toBeNull()
  await close()
})

it('anything else is internal, with the cause for the log and nothing of it for the caller', async () => {
  const { db, close } = await createTestDb()
  const error = await db.client.$queryRaw`SELECT * FROM no_such_table`.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AppError)
  expect(error).toMatchObject({ code: 'internal' })
  expect((error as AppError).message).toContain('no_such_table')
  expect((error as AppError).publicMessage).not.toContain('no_such_table')
  await close()
})

it('an error thrown inside a transaction undoes it and stays what it was', async () => {
  const { db, close } = await createTestDb()
  const attempt = inTransaction(db, async (tx) => {
    await tx.client.user.create({ data: { id: 'user_1', email: 'a@example.com' } })
    throw new AppError('share.not_found')
  })
  await expect(attempt).rejects.toMatchObject({ code: 'share.not_found' })
  expect(await findUserByEmail(db, 'a@example.com')).toBeNull()
  await close()
})

it('stores and reads instants alike when the server’s own zone is far from UTC', async () => {
  const { db, close } = await createTestDb()
  const name = new URL(db.url).pathname.slice(1)
  await db.pool.query(`ALTER DATABASE ${name} SET timezone TO 'Pacific/Kiritimati'`)
  const fresh = await createDb({
    url: `${db.url}&options=-c%20TimeZone%3DAsia%2FTokyo%20-c%20work_mem%3D7MB`,
  })
  const createdAt = new Date('2026-03-29T01:30:00.123Z')
  const created = await fresh.client.user.create({
    data: { id: 'user_1', email: 'a@example.com', createdAt },
  })
  expect(created.createdAt).toEqual(createdAt)
  const { rows } = await fresh.pool.query<{ ms: string }>(
    'SELECT extract(epoch FROM created_at) * 1000 AS ms FROM users',
  )
  expect(Number(rows[0]?.ms)).toBe(createdAt.getTime())
  // The url's other settings hold.
  expect((await fresh.pool.query('SHOW work_mem')).rows).toEqual([{ work_mem: '7MB' }])
  await fresh.close()
  await close()
})
