import { describe, expect, it } from 'vitest'
import { judge } from './bars.ts'
import { renderReport, replaceGenerated, reportMarkers } from './report.ts'
import type { Run } from './report.ts'
import type { Sample } from './samples.ts'

const samples: Sample[] = [
  { peer: 'nginx-proxy', kind: 'requests', round: 1, values: { requestsPerSecond: 40_000, p99Ms: 3 } },
  { peer: 'direct', kind: 'requests', round: 1, values: { requestsPerSecond: 20_000, p99Ms: 6.25 } },
  { peer: 'direct', kind: 'requests', round: 2, values: { requestsPerSecond: 22_000, p99Ms: 7 } },
  { peer: 'direct', kind: 'upload', round: 2, values: {}, error: 'status 502' },
]
const bar = { ours: 'direct', peer: 'nginx-proxy', metric: 'requestsPerSecond' } as const
const run: Run = {
  date: '2026-11-22',
  command: 'npm run bench -- --rounds 2',
  machine: { cores: 2, cpuModel: 'Some CPU', memoryGiB: 24, kernel: 'linux 6', node: 'v24', loadBefore: 0.1 },
  loadAfter: 1.5,
  roundsDone: 2,
  secondsEach: 4,
  peers: [
    { name: 'nginx-proxy', note: 'one worker', version: 'nginx/1.22' },
    { name: 'direct', note: 'ours', version: '0.1.0', conclusion: '3 dropped' },
    { name: 'chisel', note: '', version: '', voidReason: 'Go is not installed' },
  ],
  samples,
  barResults: [
    judge({ ...bar, title: 'half of nginx', limit: { atLeast: 0.5 } }, samples),
    judge({ ...bar, title: 'all of nginx', limit: { atLeast: 1 } }, samples),
    judge({ ...bar, title: 'chisel', peer: 'chisel', limit: { atMost: 1 } }, samples),
  ],
}

describe('renderReport', () => {
  const report = renderReport(run)

  it('has absolute medians and ratios against nginx from shared rounds only', () => {
    expect(report).toContain('| direct | 21,000 (0.50) | – | 6.6 |')
    expect(report).toContain('| nginx-proxy | 40,000 (1.00) |')
  })

  it('gives each bar its verdict, and misses stand out', () => {
    expect(report).toContain('| half of nginx | ≥ 0.5 | 0.50 | pass |')
    expect(report).toContain('| all of nginx | ≥ 1 | 0.50 | **miss** |')
    expect(report).toContain('| chisel | ≤ 1 | – | void |')
  })

  it('says how it was run, why a peer is missing and what failed', () => {
    expect(report).toContain('`npm run bench -- --rounds 2`')
    expect(report).toContain('- **chisel**: void, Go is not installed')
    expect(report).toContain('- **direct**, 0.1.0: ours; 3 dropped')
    expect(report).not.toContain('| chisel | –')
    expect(report).toContain('- direct, upload, round 2: status 502')
  })
})

describe('replaceGenerated', () => {
  const document = `# Title\n\n${reportMarkers.begin}\nold\n${reportMarkers.end}\n\nwritten by hand\n`

  it('replaces only what stands between the markers, however often', () => {
    const once = replaceGenerated(document, 'new')
    expect(once).toBe(document.replace('old', 'new'))
    expect(replaceGenerated(once, 'new')).toBe(once)
  })

  it('refuses a document without markers instead of losing the text', () => {
    expect(() => replaceGenerated('# Title', 'new')).toThrow('markers')
    expect(() => replaceGenerated(`${reportMarkers.end}${reportMarkers.begin}`, 'new')).toThrow('markers')
  })
})
