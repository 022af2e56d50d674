import { readFileSync } from 'node:fs'

export interface ProcessCost {
  readonly processes: number
  /** Pages shared between processes count once for each of them. */
  readonly rssMiB: number
  /** Shared pages are split among those who share them: what ending the app would free. */
  readonly pssMiB: number
  readonly cpuSeconds: number
}

/** What processes hold and have used so far. Linux. */
export function readProcessCost(pids: readonly number[]): ProcessCost {
  const costs = pids.map((pid) => {
    const memory = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(memory)?.[1])
    // Fields 14 and 15, counted after the name, which stands in parentheses and may hold anything: hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return {
      rssMiB: kib('Rss') / 1024,
      pssMiB: kib('Pss') / 1024,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    }
  })
  const sum = (pick: (cost: (typeof costs)[number]) => number): number =>
    costs.reduce((total, cost) => total + pick(cost), 0)
  return {
    processes: pids.length,
    rssMiB: sum(({ rssMiB }) => rssMiB),
    pssMiB: sum(({ pssMiB }) => pssMiB),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
  }
}
