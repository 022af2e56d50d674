import { writeSync } from 'node:fs'
import { startEmbeddedPostgres } from '../../../src/embedded/index.ts'
import {
  createDb,
  createShare,
  ensureFirstOwner,
  migrateDb,
  newId,
  upsertService,
} from '../../../src/index.ts'
import { newShare } from '../../suites/fixtures.ts'

// What a hub does with its database, as a process that a test can kill: starts or adopts PostgreSQL, migrates,
// and then creates shares as fast as it can, printing the id of each one after it was acknowledged.
// Lines: `ready <adopted>`, `share <id>`, `refused <sentence>`.

const [dataDir = '', mode = 'idle'] = process.argv.slice(2)

function say(line: string): void {
  // Synchronous, so that what was acknowledged before the kill has been said.
  writeSync(1, `${line}\n`)
}

async function createShares(url: string): Promise<void> {
  const db = await createDb({ url })
  await migrateDb(db)
  const { workspace } = await ensureFirstOwner(db, { email: 'owner@localhost', workspaceName: 'mine' })
  const target = { name: 'web', targetHost: 'localhost', targetPort: 3000, protocol: 'http' } as const
  const { service } = await upsertService(db, { ...target, workspaceId: workspace.id, agentId: null })
  const createForEver = async (): Promise<never> => {
    for (;;) {
      const share = await createShare(db, { ...newShare(workspace.id, service.id), name: newId('share') })
      say(`share ${share.id}`)
    }
  }
  await Promise.all([createForEver(), createForEver(), createForEver()])
}

try {
  const postgres = await startEmbeddedPostgres({ dataDir, log: { info: () => {}, warn: () => {} } })
  say(`ready ${postgres.wasAdopted}`)
  process.stdin.resume()
  // Its end is the order to stop, and what a killed test leaves.
  process.stdin.once('end', () => {
    void postgres.stop().then(() => process.exit(0))
  })
  if (mode === 'write') await createShares(postgres.url)
} catch (error) {
  say(`refused ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
