import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

// Started by startTestServer with a pipe as stdin, which closes when vitest ends, however it ends.
const dataDir = process.argv[2] ?? ''
process.stdin.resume()
process.stdin.once('end', () => {
  void endServer()
})

async function endServer(): Promise<void> {
  try {
    const lockFile = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8')
    process.kill(Number.parseInt(lockFile, 10), 'SIGQUIT')
  } catch {
    // It has stopped in order.
  }
  await rm(dataDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
}
