import type { AccessLogEntry } from '@private-connect/api/contracts'
import { Button } from 'react-aria-components'
import { writeTime } from '../components/time.ts'
import { VirtualTable } from '../components/virtual-table.tsx'
import { tellBytes } from './tell-bytes.ts'
import { tellDenial } from './tell-denial.ts'

const columns = [
  { title: 'When', width: '9rem' },
  { title: 'Status', width: '5.6rem' },
  { title: 'Method', width: '6.2rem' },
  { title: 'Path' },
  { title: 'Time, or why refused', width: '12.5rem' },
  { title: 'Sent', width: '5.5rem' },
  { title: 'Address', width: '10rem' },
]

interface LogTableProps {
  readonly items: readonly AccessLogEntry[]
  readonly onOpen: (entry: AccessLogEntry) => void
  readonly onEnd: () => void
}

export function LogTable({ items, onOpen, onEnd }: LogTableProps) {
  return (
    <VirtualTable
      label="Requests"
      columns={columns}
      rowCount={items.length}
      keyOf={(index) => items[index]?.id ?? index}
      renderRow={(index) => {
        const entry = items[index]
        return entry === undefined ? null : <Cells entry={entry} onOpen={onOpen} />
      }}
      onEnd={onEnd}
    />
  )
}

interface CellsProps {
  readonly entry: AccessLogEntry
  readonly onOpen: (entry: AccessLogEntry) => void
}

function Cells({ entry, onOpen }: CellsProps) {
  const { method, path, statusCode, latencyMs, ipAddress, timestamp, denied, bytesOut, suppressedCount } =
    entry
  const more = suppressedCount === 0 ? '' : ` (and ${suppressedCount.toLocaleString('en')} like it)`
  return (
    <>
      <td>{writeTime(timestamp)}</td>
      <td className={`status status-${Math.floor(statusCode / 100)}`}>{statusCode}</td>
      <td>{method}</td>
      <td>
        <Button className="link" onPress={() => onOpen(entry)}>
          {path}
        </Button>
      </td>
      <td>{denied === null ? `${latencyMs} ms` : `${tellDenial(denied)}${more}`}</td>
      <td>{tellBytes(bytesOut)}</td>
      <td>{ipAddress}</td>
    </>
  )
}
