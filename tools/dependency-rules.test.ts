import { describe, expect, it } from 'vitest'
import { compareVersions, findDependencyProblems, type DependencyFacts } from './dependency-rules.ts'

const good: DependencyFacts = {
  npmrc: 'ignore-scripts=true\n',
  minimumVersions: { ws: '8.17.1' },
  manifests: new Map([['package.json', { dependencies: { ws: '8.23.0' } }]]),
  locked: {
    'node_modules/ws': { version: '8.23.0', integrity: 'sha512-x' },
    'packages/db': {},
    'node_modules/db': { link: true },
  },
}

// Guarantee (SUP-04, SUP-05): what is installed is exactly what was reviewed, and runs no code while it is installed.
describe('findDependencyProblems', () => {
  it('finds nothing in a good tree', () => {
    expect(findDependencyProblems(good)).toEqual([])
  })

  it.each<[string, Partial<DependencyFacts>, RegExp]>([
    ['install scripts', { npmrc: 'save-exact=true\n' }, /ignore-scripts/],
    [
      'a range',
      { manifests: new Map([['p', { devDependencies: { ws: '^8.0.0' } }]]) },
      /ws must name an exact version/,
    ],
    [
      'a git address',
      { manifests: new Map([['p', { dependencies: { ws: 'github:a/b' } }]]) },
      /exact version/,
    ],
    ['a missing integrity', { locked: { 'node_modules/a': { version: '1.0.0' } } }, /a has no integrity/],
    [
      'another source',
      { locked: { 'node_modules/a': { version: '1.0.0', integrity: 'x', resolved: 'git+ssh://x' } } },
      /does not come from the registry/,
    ],
    [
      'a flawed version deep in the tree',
      { locked: { 'node_modules/a/node_modules/ws': { version: '8.17.0', integrity: 'x' } } },
      /before 8\.17\.1 have a known flaw/,
    ],
  ])('reports %s', (_, change, problem) => {
    const problems = findDependencyProblems({ ...good, ...change })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(problem)
  })
})

describe('compareVersions', () => {
  it.each([
    ['1.2.3', '1.2.3', 0],
    ['1.10.0', '1.9.9', 1],
    ['2.0.0-beta.1', '2.0.0', -1],
    ['0.9.9', '1.0.0', -1],
  ])('%s and %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign)
  })
})
