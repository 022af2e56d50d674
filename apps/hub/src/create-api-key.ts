import { EnvError, readEnv } from './env.ts'
import { createOwnerApiKey } from './sign-in/local-owner.ts'
import { createLogger } from './logging.ts'
import { openStoreBesideHub } from './store/store.ts'

/** `npm run api-key`: a new key of the owner's workspace, also while the hub runs. */
try {
  const env = readEnv()
  const store = await openStoreBesideHub(env, createLogger('warn'))
  try {
    process.stdout.write(`${await createOwnerApiKey(store.db)}\n`)
  } finally {
    await store.close()
  }
} catch (error) {
  const problems =
    error instanceof EnvError ? error.problems : [error instanceof Error ? error.message : String(error)]
  process.stderr.write(`Cannot make an API key:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`)
  process.exitCode = 1
}
