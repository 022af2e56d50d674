import { compareVersions } from './dependency-rules.ts'

/** tools/electron-releases.json. A new major is added when it is released: every eight weeks, see releases.electronjs.org. */
export interface ElectronReleases {
  /** Major → the day of its first release. */
  readonly majors: Readonly<Record<string, string>>
  /** The first release of an older major that is free of CVE-2026-70601 (promises handed out by contextBridge). */
  readonly firstFixed: Readonly<Record<string, string>>
  /** All releases from this one on are. */
  readonly fixedFrom: string
}

/** Electron's maintainers mend the newest three majors only. */
const majorsMended = 3

/** What is wrong with shipping this version of Electron (CASES ELE-14), one sentence each. */
export function findElectronProblems(version: string, releases: ElectronReleases): string[] {
  const major = Number.parseInt(version, 10)
  const newest = Math.max(...Object.keys(releases.majors).map(Number))
  const problems: string[] = []
  if (compareVersions(version, releases.firstFixed[major] ?? releases.fixedFrom) < 0) {
    problems.push(`electron ${version} lets a page out of its context (CVE-2026-70601)`)
  }
  if (major <= newest - majorsMended) {
    problems.push(`electron ${version} is mended no more: the newest three majors are, and ${newest} is out`)
  }
  if (major > newest) {
    problems.push(`tools/electron-releases.json does not know Electron ${major} yet: add its day of release`)
  }
  return problems
}
