import { parseArgs } from 'node:util'
import { measurementKinds } from './samples.ts'
import type { MeasurementKind } from './samples.ts'

export interface BenchOptions {
  readonly rounds: number
  /** Length of each wrk run. */
  readonly seconds: number
  /** Names of peers; empty means all. */
  readonly only: readonly string[]
  readonly kinds: readonly MeasurementKind[]
  readonly cpuProfileDir: string | undefined
  /** No new round begins after this; measurements that run are finished. */
  readonly budgetSeconds: number
  readonly shouldWriteReport: boolean
}

export const usage = `npm run bench -- [options]
  --rounds N        rounds, each with every measurement of every peer in a new order (default 5)
  --seconds N       length of each wrk run (default 4)
  --only a,b        only these peers (nginx-proxy is always there: it is the unit of the ratios)
  --kinds a,b       only these measurements: requests, download, upload, beside
  --budget N        seconds after which no new round begins (default 660)
  --cpu-prof DIR    write CPU profiles of our own processes
  --no-report       print only, leave docs/benchmarks.md and bench/results alone`

/** @throws Error in plain words for an option that is unknown or out of range. */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      only: { type: 'string', default: '' },
      kinds: { type: 'string', default: measurementKinds.join(',') },
      budget: { type: 'string', default: '660' },
      'cpu-prof': { type: 'string' },
      'no-report': { type: 'boolean', default: false },
    },
  })
  return {
    rounds: wholeNumber('--rounds', values.rounds, 100),
    seconds: wholeNumber('--seconds', values.seconds, 120),
    only: values.only.split(',').filter((name) => name !== ''),
    kinds: values.kinds.split(',').map(readKind),
    budgetSeconds: wholeNumber('--budget', values.budget, 86_400),
    cpuProfileDir: values['cpu-prof'],
    shouldWriteReport: !values['no-report'],
  }
}

function readKind(name: string): MeasurementKind {
  const kind = measurementKinds.find((known) => known === name)
  if (kind === undefined) throw new Error(`--kinds knows ${measurementKinds.join(', ')}; not '${name}'`)
  return kind
}

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1 || value > max) {
    throw new Error(`${option} takes a whole number from 1 to ${max}, not '${text}'`)
  }
  return value
}
