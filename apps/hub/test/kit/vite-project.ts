import { cpSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { editFile } from './edit-file.ts'
import { findFreePort } from './free-ports.ts'
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
      `defineConfig({\n  cacheDir: ${JSON.stringify(join(root, '.vite'))},`,
    ),
  )
  const program = new Program([vite, '--port', String(port), '--strictPort'], {}, root)
  await program.waitFor(/ready in/)
  return {
    port,
    edit: (...change) => editFile(root, change),
    stop: async () => {
      await program.stop()
      folder.remove()
    },
  }
}
