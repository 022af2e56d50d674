/**
 * The test command: every check that the project has, one after the other, with the closing line `N passed, N failed`.
 * `node tools/check.ts --only lint,types` runs some of them.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Tally {
  passed: number
  failed: number
  skipped: number
}

interface Check {
  readonly name: string
  readonly run: () => Tally
}

const checks: readonly Check[] = [
  command('servers', ['bash', 'tools/install-test-servers.sh']),
  command('generate', ['sh', 'tools/generate.sh']),
  command('format', ['oxfmt', '--check']),
  command('lint', ['oxlint', '--type-aware', '--deny-warnings']),
  command('types', ['turbo', 'run', 'typecheck', '--output-logs=errors-only']),
  command('types of tools', ['tsc', '-p', '.']),
  command('boundaries', ['turbo', 'boundaries']),
  command('unused code', ['knip']),
  command('dependencies', ['node', 'tools/check-dependencies.ts']),
  command('migration drift', ['node', 'tools/check-migration-drift.ts']),
  command('generated docs', ['node', 'tools/generate-docs.ts', '--check']),
  command('paths in docs', ['node', 'tools/check-docs.ts']),
  { name: 'tests', run: runTests },
]

function command(name: string, [program = '', ...args]: readonly string[]): Check {
  return {
    name,
    run: () => {
      const { status } = spawnSync(program, args, { stdio: 'inherit' })
      return status === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }
    },
  }
}

interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
}

function runTests(): Tally {
  const folder = mkdtempSync(join(tmpdir(), 'private-connect-tests-'))
  const reportFile = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  // Named here: of a configuration with projects vitest does not take the number of workers, and uses one on two cores.
  const { status } = spawnSync('vitest', ['run', '--maxWorkers=2', ...reporters], { stdio: 'inherit' })
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport
    // A file that does not load or an error outside of a test fails the run without a failed test.
    const failed = status === 0 ? report.numFailedTests : Math.max(1, report.numFailedTests)
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests }
  } catch (error) {
    process.stderr.write(`vitest wrote no report: ${String(error)}\n`)
    return { passed: 0, failed: 1, skipped: 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function selectChecks(args: readonly string[]): readonly Check[] {
  const at = args.indexOf('--only')
  if (at === -1) return checks
  const names = (args[at + 1] ?? '').split(',')
  return checks.filter((check) => names.includes(check.name))
}

const total: Tally = { passed: 0, failed: 0, skipped: 0 }
const failures: string[] = []
for (const check of selectChecks(process.argv.slice(2))) {
  const startedAtMs = Date.now()
  console.log(`\n▶ ${check.name}`)
  const tally = check.run()
  if (tally.failed > 0) failures.push(check.name)
  console.log(
    `${tally.failed > 0 ? '✗' : '✓'} ${check.name} (${((Date.now() - startedAtMs) / 1000).toFixed(1)} s)`,
  )
  total.passed += tally.passed
  total.failed += tally.failed
  total.skipped += tally.skipped
}
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`)
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
