import { describe, expect, it } from 'vitest'
import { parseOptions } from './options.ts'

describe('parseOptions', () => {
  it('has defaults for a full run', () => {
    expect(parseOptions([])).toEqual({
      rounds: 5,
      seconds: 4,
      only: [],
      kinds: ['requests', 'download', 'upload', 'beside'],
      budgetSeconds: 660,
      cpuProfileDir: undefined,
      shouldWriteReport: true,
    })
  })

  it('reads every option', () => {
    const argv = [
      '--rounds',
      '2',
      '--seconds=3',
      '--only',
      'chisel,frp',
      '--kinds',
      'upload',
      '--cpu-prof',
      'out',
      '--no-report',
    ]
    expect(parseOptions(argv)).toMatchObject({
      rounds: 2,
      seconds: 3,
      only: ['chisel', 'frp'],
      kinds: ['upload'],
      cpuProfileDir: 'out',
      shouldWriteReport: false,
    })
  })

  it('refuses what it does not understand, naming it', () => {
    expect(() => parseOptions(['--rounds', '0'])).toThrow('--rounds')
    expect(() => parseOptions(['--seconds', '1e9'])).toThrow('--seconds')
    expect(() => parseOptions(['--seconds', '-1'])).toThrow('--seconds')
    expect(() => parseOptions(['--kinds', 'latency'])).toThrow('--kinds')
    expect(() => parseOptions(['--round', '1'])).toThrow('--round')
  })
})
