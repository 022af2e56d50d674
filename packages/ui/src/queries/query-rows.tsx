import { Download } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { QueryAnswer } from '@private-connect/api/contracts'
import { Button as PlainButton } from 'react-aria-components'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { saveFile } from '../components/save-file.ts'
import { VirtualTable } from '../components/virtual-table.tsx'
import { columnWidths } from './column-widths.ts'
import { kindOf, longTextOf, textOf } from './present-value.ts'
import { writeCsv } from './write-csv.ts'

export function QueryRows({ answer }: { readonly answer: QueryAnswer }) {
  const [openRow, setOpenRow] = useState<number | null>(null)
  const { columns, rows, rowCount, truncated, durationMs } = answer
  const widths = useMemo(() => columnWidths(answer), [answer])
  const counted = `${rowCount.toLocaleString('en')} ${rowCount === 1 ? 'row' : 'rows'} in ${durationMs} ms`
  return (
    <>
      <div className="row">
        <output>
          <strong>{counted}</strong>
        </output>
        {truncated ? <Badge tone="late">There is more: at most 1,000 rows and 5 MB are shown</Badge> : null}
        {rows.length === 0 ? null : (
          <Button look="quiet" onPress={() => saveFile('query.csv', 'text/csv', writeCsv(answer))}>
            <Download aria-hidden size={16} /> Save as CSV
          </Button>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="state soft">The query has no rows to show.</p>
      ) : (
        <VirtualTable
          label="Rows of the answer"
          columns={[
            { title: '#', width: '4rem' },
            ...columns.map((title, at) => ({ title, width: `calc(${widths[at] ?? 10}ch + 1.9rem)` })),
          ]}
          rowCount={rows.length}
          keyOf={(index) => index}
          renderRow={(index) => <Cells answer={answer} index={index} onOpen={setOpenRow} />}
        />
      )}
      {openRow === null ? null : (
        <RowDialog answer={answer} index={openRow} onClose={() => setOpenRow(null)} />
      )}
    </>
  )
}

interface CellsProps {
  readonly answer: QueryAnswer
  readonly index: number
  readonly onOpen: (index: number) => void
}

function Cells({ answer: { columns, rows }, index, onOpen }: CellsProps) {
  const row = rows[index] ?? {}
  return (
    <>
      <td>
        <PlainButton
          className="link"
          aria-label={`Show row ${index + 1} in full`}
          onPress={() => onOpen(index)}
        >
          {index + 1}
        </PlainButton>
      </td>
      {columns.map((name) => (
        <td key={name} className={`value value-${kindOf(row[name])}`}>
          {textOf(row[name])}
        </td>
      ))}
    </>
  )
}

interface RowDialogProps extends Omit<CellsProps, 'onOpen'> {
  readonly onClose: () => void
}

/** A row with all that its cells have no room for. */
function RowDialog({ answer: { columns, rows }, index, onClose }: RowDialogProps) {
  const row = rows[index] ?? {}
  return (
    <Dialog title={`Row ${index + 1}`} isOpen onClose={onClose}>
      <dl className="row-values">
        {columns.map((name) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={`value-${kindOf(row[name])}`}>{longTextOf(row[name])}</dd>
          </div>
        ))}
      </dl>
      <div className="row row-end">
        <Button look="main" onPress={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  )
}
