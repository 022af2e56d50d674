export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly link?: boolean
}

export interface DependencyFacts {
  readonly manifests: ReadonlyMap<string, Manifest>
  readonly locked: Readonly<Record<string, LockedPackage>>
  /** The first version without a known flaw, by package name. */
  readonly minimumVersions: Readonly<Record<string, string>>
  readonly npmrc: string
}

/** What breaks the supply chain rules (SUP-04, SUP-05), one sentence each. */
export function findDependencyProblems(facts: DependencyFacts): string[] {
  const scripts = /^ignore-scripts=true$/m.test(facts.npmrc)
    ? []
    : ['.npmrc must say ignore-scripts=true: no package runs code at install time']
  const manifests = [...facts.manifests].flatMap(([file, manifest]) => findInexactVersions(file, manifest))
  const entries = Object.entries(facts.locked)
  const unpinned = entries.flatMap(([path, entry]) => findUnpinnedEntry(path, entry))
  const flawed = entries.flatMap(([path, entry]) => findFlawedVersion(path, entry, facts.minimumVersions))
  return [...scripts, ...manifests, ...unpinned, ...flawed]
}

function findInexactVersions(file: string, manifest: Manifest): string[] {
  const { dependencies, devDependencies, optionalDependencies } = manifest
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${file}: ${name} must name an exact version, not ${version}`)
}

function findUnpinnedEntry(path: string, entry: LockedPackage): string[] {
  if (entry.link === true || !path.includes('node_modules/')) return []
  const problems: string[] = []
  if (entry.integrity === undefined) problems.push(`package-lock.json: ${path} has no integrity`)
  // With omit-lockfile-registry-resolved only packages from elsewhere than the registry keep an address.
  if (entry.resolved !== undefined)
    problems.push(`package-lock.json: ${path} does not come from the registry`)
  return problems
}

function findFlawedVersion(
  path: string,
  entry: LockedPackage,
  minimumVersions: Readonly<Record<string, string>>,
): string[] {
  const name = path.split('node_modules/').at(-1) ?? ''
  const minimum = minimumVersions[name]
  if (minimum === undefined || entry.version === undefined) return []
  if (compareVersions(entry.version, minimum) >= 0) return []
  return [`package-lock.json: ${path} is ${entry.version}; versions before ${minimum} have a known flaw`]
}

/** Negative, zero or positive as `a` is before, the same as or after `b`; a pre-release is before its release. */
export function compareVersions(a: string, b: string): number {
  const [coreA = '', preA] = a.split('-', 2)
  const [coreB = '', preB] = b.split('-', 2)
  const partsA = coreA.split('.').map(Number)
  const partsB = coreB.split('.').map(Number)
  for (const index of [0, 1, 2]) {
    const difference = (partsA[index] ?? 0) - (partsB[index] ?? 0)
    if (difference !== 0) return difference
  }
  return Number(preA === undefined) - Number(preB === undefined)
}
