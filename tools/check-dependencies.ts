/** Supply chain rules that need no network: exact versions, integrity, no install scripts, no version with a known flaw, an Electron that is mended. */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { findDependencyProblems, type LockedPackage, type Manifest } from './dependency-rules.ts'
import { findElectronProblems, type ElectronReleases } from './electron-rules.ts'

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))
const root = readJson('package.json') as { workspaces: string[] }
const manifestFiles = ['package.json', ...root.workspaces.flatMap((glob) => globSync(`${glob}/package.json`))]
const lock = readJson('package-lock.json') as { packages: Record<string, LockedPackage> }

const problems = findDependencyProblems({
  manifests: new Map(manifestFiles.map((file) => [file, readJson(file) as Manifest])),
  locked: lock.packages,
  minimumVersions: readJson('tools/minimum-versions.json') as Record<string, string>,
  npmrc: readFileSync('.npmrc', 'utf8'),
})
problems.push(
  ...findElectronProblems(
    (readJson('apps/desktop/package.json') as Manifest).devDependencies?.['electron'] ?? '0.0.0',
    readJson('tools/electron-releases.json') as ElectronReleases,
  ),
  ...audit(),
)
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0

/** Known advisories of what runs in production, where the registry answers; without an answer the table above decides. */
function audit(): string[] {
  const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  try {
    const { vulnerabilities } = JSON.parse(stdout) as {
      vulnerabilities: Record<string, { severity: string }>
    }
    return Object.entries(vulnerabilities)
      .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
      .map(([name, { severity }]) => `npm audit: ${name} has a ${severity} advisory`)
  } catch {
    console.log('The registry did not answer npm audit; tools/minimum-versions.json was checked.')
    return []
  }
}
