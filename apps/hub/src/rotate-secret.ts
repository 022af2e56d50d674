import { EnvError, readEnv, type Env } from './env.ts'
import { readHubSecrets, removePreviousSecret, replaceGeneratedSecret } from './secret/hub-secret.ts'
import { createLogger } from './logging.ts'
import { reencrypt } from './secret/reencrypt.ts'
import { openStore } from './store/store.ts'

/**
 * `npm run rotate-secret`: puts what is stored encrypted under a new secret: one that it generates, or HUB_SECRET, with
 * the old one in HUB_SECRET_PREVIOUS. Stop the hub first. Cut off, it goes on when it is run again.
 */
try {
  const env = readEnv()
  await prepareSecrets(env)
  const store = await openStore(env, createLogger('warn'))
  try {
    const count = await reencrypt(store.db, store.vault)
    if ((await readHubSecrets(env)).previous !== null) await removePreviousSecret(env)
    process.stdout.write(`Encrypted ${count} ${count === 1 ? 'record' : 'records'} under the new secret.\n`)
    if (env.HUB_SECRET_PREVIOUS !== undefined)
      process.stdout.write('HUB_SECRET_PREVIOUS is not needed now.\n')
  } finally {
    await store.close()
  }
} catch (error) {
  const problems =
    error instanceof EnvError ? error.problems : [error instanceof Error ? error.message : String(error)]
  process.stderr.write(`Cannot rotate the secret:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`)
  process.exitCode = 1
}

async function prepareSecrets(env: Env): Promise<void> {
  if (env.HUB_SECRET !== undefined) {
    if (env.HUB_SECRET_PREVIOUS !== undefined) return
    throw new Error('Set HUB_SECRET to the new secret and HUB_SECRET_PREVIOUS to the one until now.')
  }
  await readHubSecrets(env)
  await replaceGeneratedSecret(env)
}
