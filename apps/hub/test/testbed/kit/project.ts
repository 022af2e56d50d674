import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { editFile } from '../../kit/edit-file.ts'
import { findFreePort } from '../../kit/free-ports.ts'
import { makeTemporaryFolder, Program, repositoryRoot } from '../../kit/processes.ts'

interface ProjectCommand {
  /** One of the folders in `projects/`. */
  readonly name: string
  /** The development server's program below `node_modules`, and its arguments; `<port>` is replaced. */
  readonly command: readonly string[]
  readonly ready: RegExp
}

interface Project {
  readonly port: number
  readonly output: () => string
  readonly edit: (file: string, from: string, to: string) => void
  readonly stop: () => Promise<void>
}

/** A copy of a project, installed from its lockfile, with its development server running as a person would run it. */
export async function startProject({ name, command, ready }: ProjectCommand): Promise<Project> {
  const folder = makeTemporaryFolder()
  const root = join(folder.path, name)
  cpSync(new URL(`../projects/${name}`, import.meta.url).pathname, root, { recursive: true })
  // Not `npm ci`: some of the platform packages that the lockfiles name may be missing from a registry.
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  })
  const port = await findFreePort()
  const [script = '', ...args] = command
  const program = new Program(
    [join(root, 'node_modules', script), ...args.map((arg) => arg.replace('<port>', String(port)))],
    { NEXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1' },
    root,
  )
  await program.waitFor(ready)
  return {
    port,
    output: () => program.output,
    edit: (...change) => editFile(root, change),
    stop: async () => {
      await program.stop()
      folder.remove()
    },
  }
}

/** Kept for whoever looks at a run afterwards. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(repositoryRoot, 'test-results')
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}
