import { describe, expect, it } from 'vitest'
import releases from './electron-releases.json' with { type: 'json' }
import { findElectronProblems } from './electron-rules.ts'

const old = { ...releases, majors: { '41': '2026-03-11' } }

// Guarantee (CASES ELE-14): the app ships an Electron that is still mended, and no release with a known way out of the page's context.
describe('findElectronProblems', () => {
  it.each(['43.0.0', '44.11.5', '45.4.1'])('finds nothing in %s', (version) => {
    expect(findElectronProblems(version, releases)).toEqual([])
  })

  it.each([
    ['42.9.9', /mended no more/],
    ['46.0.0', /does not know Electron 46/],
  ])('reports %s', (version, problem) => {
    const problems = findElectronProblems(version, releases)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(problem)
  })

  it.each([
    ['39.8.8', '39.8.9'],
    ['40.9.1', '40.9.2'],
    ['41.2.1', '41.2.2'],
  ])('tells the flawed %s from %s', (flawed, mended) => {
    expect(findElectronProblems(flawed, old)).toEqual([expect.stringMatching(/CVE-2026-70601/)])
    expect(findElectronProblems(mended, old)).toEqual([])
  })

  it('takes a release of an old major for flawed that the table does not name', () => {
    expect(findElectronProblems('38.0.0', old)).toEqual([
      expect.stringMatching(/CVE/),
      expect.stringMatching(/mended no more/),
    ])
  })
})
