import { expect, it } from 'vitest'
import { columnWidths } from './column-widths.ts'

it('gives each column the room that its title and values need, within bounds', () => {
  const rows = [
    { id: '1', note: 'x'.repeat(500), a_long_title: null },
    { id: '12345678', note: 'y', a_long_title: true },
  ]
  expect(columnWidths({ columns: ['id', 'note', 'a_long_title'], rows })).toEqual([8, 42, 12])
  expect(columnWidths({ columns: ['id'], rows: [] })).toEqual([5])
})
