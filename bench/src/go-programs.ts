import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from './run-tool.ts'

export interface GoProgram {
  readonly module: string
  /** Newest first; a module proxy may lack some. */
  readonly versions: readonly string[]
  /** Packages of the module that are programs, such as `.` or `./cmd/frps`. */
  readonly packages: readonly string[]
  readonly tags?: string
}

export interface BuiltGoProgram {
  readonly binDir: string
  /** For the report: the version, and newer ones that the module proxy did not give. */
  readonly description: string
}

/**
 * Builds the newest version that the module proxy has, once, into the cache folder.
 *
 * The pinned version stands in a go.mod of its own, because `go install module@version` also asks for the list of all
 * versions, which not every module proxy answers, and refuses modules that replace a dependency.
 */
export async function buildGoProgram(cacheDir: string, program: GoProgram): Promise<BuiltGoProgram> {
  const failures: string[] = []
  const skipped: string[] = []
  for (const version of program.versions) {
    const binDir = join(cacheDir, `${program.module.replaceAll('/', '_')}@${version}`)
    try {
      if (!existsSync(join(binDir, 'built'))) await build({ ...program, version, binDir })
      const remark = skipped.length > 0 ? ` (not obtainable here: ${skipped.join(', ')})` : ''
      return { binDir, description: `${version}${remark}` }
    } catch (error) {
      skipped.push(version)
      failures.push(`${version}: ${(error as Error).message}`)
    }
  }
  throw new Error(failures.join('; '))
}

async function build(program: GoProgram & { version: string; binDir: string }): Promise<void> {
  mkdirSync(program.binDir, { recursive: true })
  const goMod = `module bench\n\ngo 1.25\n\nrequire ${program.module} ${program.version}\n`
  writeFileSync(join(program.binDir, 'go.mod'), goMod)
  await runTool({
    command: 'go',
    args: [
      'build',
      '-mod=mod',
      ...(program.tags === undefined ? [] : ['-tags', program.tags]),
      '-o',
      `${program.binDir}/`,
      ...program.packages.map((path) => join(program.module, path)),
    ],
    cwd: program.binDir,
    timeoutMs: 240_000,
  })
  writeFileSync(join(program.binDir, 'built'), `${program.version}\n`)
}
