import { cpSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { makeTemporaryFolder, Program, repositoryRoot } from './processes.ts'

export interface ViteProject {
  readonly port: number
  readonly edit: (file: string, from: string, to: string) => void
  readonly stop: () => Promise<void>
}

/** A React project as `npm create vite` makes it, with its dev server running as a person would run it. */
export async function startViteProject(): Promise<ViteProject> {
  const folder = makeTemporaryFolder()
  const root = join(folder.path, 'my-app')
  cpSync(join(repositoryRoot, 'node_modules/create-vite/template-react-ts'), root, { recursive: true })
  renameSync(join(root, '_gitignore'), join(root, '.gitignore'))
  symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'))
  const port = await findFreePort()
  const vite = join(repositoryRoot, 'node_modules/vite/bin/vite.js')
  // Vite's own cache would land in the repository's node_modules.
  writeFileSync(
    join(root, 'vite.config.ts'),
    readFileSync(join(root, 'vite.config.ts'), 'utf8').replace(
      'defineConfig({',
      `defineConfig({\n  cacheDir: ${JSON.stringify(join(folder.path, 'cache'))},`,
    ),
  )
  const program = new Program([vite, '--port', String(port), '--strictPort'], {}, root)
  await program.waitFor(/ready in/)
  return {
    port,
    edit: (file, from, to) => {
      const path = join(root, file)
      const before = readFileSync(path, 'utf8')
      if (!before.includes(from)) throw new Error(`${file} does not contain ${from}`)
      writeFileSync(path, before.replace(from, to))
    },
    stop: async () => {
      await program.stop()
      folder.remove()
    },
  }
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
