import { expect, it } from 'vitest'
import { ensureFirstOwner } from '../src/index.ts'
import { createTestDb } from '../src/testing/index.ts'

// Guarantee: however many nodes meet an empty database at once, there is one first owner, with one workspace.

it('five nodes that start at once on an empty database create one owner', async () => {
  const { db, close } = await createTestDb()
  // All connections open, or the first node is done before the others have one.
  await Promise.all(Array.from({ length: 10 }, () => db.pool.query('SELECT pg_sleep(0.1)')))
  const owners = await Promise.all(
    Array.from({ length: 5 }, (_, node) =>
      ensureFirstOwner(db, { email: `owner${node}@localhost`, workspaceName: 'first' }),
    ),
  )
  expect(new Set(owners.map(({ user }) => user.id)).size).toBe(1)
  expect(new Set(owners.map(({ workspace }) => workspace.id)).size).toBe(1)
  expect(owners.filter(({ isNewUser }) => isNewUser)).toHaveLength(1)
  expect(await db.client.workspace.count()).toBe(1)
  await close()
})
