import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type ReactNode } from 'react'

const rowPx = 36

export interface TableColumn {
  /** Also what it is known by. */
  readonly title: string
  /** As CSS has it; the rest of the room is for columns without one. */
  readonly width?: string
}

interface VirtualTableProps {
  /** What the table shows, for whoever cannot see it. */
  readonly label: string
  readonly columns: readonly TableColumn[]
  readonly rowCount: number
  /** The cells of a row. */
  readonly renderRow: (index: number) => ReactNode
  readonly keyOf: (index: number) => string | number
  /** Called while the last row is in sight. */
  readonly onEnd?: () => void
}

/** A long list: only the rows that are in sight exist. Each has something to press, so that a keyboard gets to all of them. */
export function VirtualTable({ label, columns, rowCount, renderRow, keyOf, onEnd }: VirtualTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: rowCount,
    estimateSize: () => rowPx,
    getScrollElement: () => scroller.current,
    overscan: 12,
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)
  const isAtEnd = (last?.index ?? 0) >= rowCount - 1
  useEffect(() => {
    if (isAtEnd) onEnd?.()
  }, [isAtEnd, rowCount, onEnd])
  return (
    <section
      ref={scroller}
      className={`table-frame virtual ${columns.some(({ width }) => width === undefined) ? 'virtual-full' : ''}`}
      aria-label={label}
    >
      <table aria-rowcount={rowCount + 1} aria-label={label}>
        <Head columns={columns} />
        <tbody>
          <Space heightPx={shown[0]?.start ?? 0} />
          {shown.map(({ index }) => (
            <tr key={keyOf(index)} aria-rowindex={index + 2}>
              {renderRow(index)}
            </tr>
          ))}
          <Space heightPx={rows.getTotalSize() - (last?.end ?? 0)} />
        </tbody>
      </table>
    </section>
  )
}

function Head({ columns }: Pick<VirtualTableProps, 'columns'>) {
  return (
    <>
      <colgroup>
        {columns.map(({ title, width }) => (
          <col key={title} {...(width === undefined ? {} : { style: { width } })} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map(({ title }) => (
            <th key={title} scope="col" title={title}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
    </>
  )
}

/** Stands for the rows above or below those in sight. */
function Space({ heightPx }: { readonly heightPx: number }) {
  return heightPx <= 0 ? null : <tr aria-hidden style={{ height: heightPx }} />
}
