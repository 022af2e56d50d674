import type { QueryAnswer } from '@private-connect/api/contracts'
import { textOf } from './present-value.ts'

const measuredRows = 200
const [charactersMin, charactersMax] = [5, 42]

/** How many characters wide each column is best: by its title and first rows, so that no column moves while one reads on. */
export function columnWidths({ columns, rows }: Pick<QueryAnswer, 'columns' | 'rows'>): readonly number[] {
  return columns.map((name) => {
    const lengths = rows.slice(0, measuredRows).map((row) => textOf(row[name]).length)
    return Math.min(charactersMax, Math.max(charactersMin, name.length, ...lengths))
  })
}
