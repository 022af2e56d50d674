import type { QueryCaps, QueryResult } from './query-engine.ts'
import { uniqueColumnNames } from './unique-column-names.ts'

export interface ResultCollector {
  /** The columns of the rows that follow; repeated names are made unique. */
  setColumns(names: readonly string[]): void
  /** Values in the order of the columns, as they will be in JSON. `full`: this one did not fit any more, nor will another. */
  add(values: readonly unknown[]): 'more' | 'full'
  /** A row that has its own columns; new names are added behind the known ones. */
  addRecord(record: Iterable<readonly [string, unknown]>): 'more' | 'full'
  /** There is more in the database than was read. */
  markTruncated(): void
  readonly isFull: boolean
  finish(): QueryResult
}

/** Collects rows up to the caps: it takes one more row than fits only to know that there was one. */
export function createResultCollector({ rowsMax, bytesMax }: QueryCaps): ResultCollector {
  const columns: string[] = []
  const known = new Set<string>()
  const rows: Record<string, unknown>[] = []
  let bytes = 2
  let truncated = false

  function addRow(row: Record<string, unknown>): 'more' | 'full' {
    if (truncated || rows.length >= rowsMax) return full()
    const size = Buffer.byteLength(JSON.stringify(row)) + 1
    if (bytes + size > bytesMax) return full()
    bytes += size
    rows.push(row)
    return 'more'
  }

  function full(): 'full' {
    truncated = true
    return 'full'
  }

  function addColumn(name: string): void {
    if (known.has(name)) return
    known.add(name)
    columns.push(name)
  }

  return {
    setColumns(names) {
      for (const name of uniqueColumnNames(names)) addColumn(name)
    },
    add: (values) => addRow(toRow(columns.map((name, at) => [name, values[at]] as const))),
    addRecord(record) {
      const entries = [...record]
      const outcome = addRow(toRow(entries))
      if (outcome === 'more') for (const [name] of entries) addColumn(name)
      return outcome
    },
    markTruncated: () => void full(),
    get isFull() {
      return truncated
    },
    finish: () => ({ columns, rows, rowCount: rows.length, truncated }),
  }
}

/** Without a prototype, so that a column may be named `__proto__`; what a database has not is null. */
function toRow(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const row = Object.create(null) as Record<string, unknown>
  for (const [name, value] of entries) row[name] = value ?? null
  return row
}
