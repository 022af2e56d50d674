import { collectGarbage } from './collect-garbage.ts'
import { EnvError, readEnv, type Env } from './env.ts'
import { formatGreeting } from './first-run.ts'
import { createOwnerApiKey, createOwnerSignIn } from './sign-in/local-owner.ts'
import { createLogger } from './logging.ts'
import { findNodeWarning } from './node-warnings.ts'
import { stopOnSignals } from './signals.ts'
import { startHub, type Hub } from './start-hub.ts'

try {
  const env = readEnv()
  const log = createLogger(env.LOG_LEVEL)
  const warning = findNodeWarning(process.version)
  if (warning !== undefined) log.warn({ flag: warning.flag }, warning.message)
  const hub = await startHub(env, log)
  stopOnSignals(hub, log)
  collectGarbage()
  await greet(env, hub)
} catch (error) {
  const problems =
    error instanceof EnvError ? error.problems : [error instanceof Error ? error.message : String(error)]
  process.stderr.write(
    `Private Connect cannot start:\n${problems.map((problem) => `  - ${problem}\n`).join('')}`,
  )
  process.exit(1)
}

async function greet(env: Env, { urls, store: { db } }: Hub): Promise<void> {
  const wantsKey = process.argv.includes('--api-key')
  process.stdout.write(
    formatGreeting({
      ...urls,
      ...(env.isEmbedded ? { signInToken: await createOwnerSignIn(db) } : {}),
      ...(wantsKey ? { apiKey: await createOwnerApiKey(db) } : {}),
    }),
  )
}
