import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startProgram, type Program } from './program.ts'

const hubDir = resolve(import.meta.dirname, '../../../hub/src')

export interface TestHub {
  readonly url: string
  readonly apiKey: string
  readonly program: () => Program
  /** kill -9, and a new process on the same data and port. */
  restart(): Promise<void>
  remove(): Promise<void>
}

/** A real hub process on a free port and an embedded database of its own. */
export async function startTestHub(env: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'pc-cli-hub-'))
  // As root the embedded PostgreSQL runs as another user, who must get in.
  chmodSync(folder, 0o755)
  const settings = {
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'error',
    ...env,
  }
  let program = startProgram([join(hubDir, 'main.ts')], settings)
  const [, url = ''] = await program.waitFor(/^ {2}Hub +(http\S+)$/m)
  const port = new URL(url).port
  const keyProgram = startProgram([join(hubDir, 'create-api-key.ts')], { ...settings, PORT: port })
  const [apiKey] = await keyProgram.waitFor(/pc_live_[a-z0-9]{26}/)
  await keyProgram.exited
  return {
    url,
    apiKey,
    program: () => program,
    async restart() {
      await program.stop('SIGKILL')
      program = startProgram([join(hubDir, 'main.ts')], { ...settings, PORT: port })
      await program.waitFor(/^ {2}Hub +http/m)
    },
    async remove() {
      await program.stop('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
