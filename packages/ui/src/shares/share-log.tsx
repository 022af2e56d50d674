import { useVirtualizer } from '@tanstack/react-virtual'
import { Download } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { AccessLogEntry } from '@private-connect/api/contracts'
import { Field } from '../components/field.tsx'
import { ListState } from '../components/list-state.tsx'
import { writeTime } from '../components/time.ts'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { isSoundFilter, readFilter } from './log-filter.ts'

const rowPx = 36
const pageSize = 100

export function ShareLog({ id }: { readonly id: string }) {
  const hub = useHub()
  const [text, setText] = useState('')
  const filter = readFilter(text)
  const pages = usePages({
    key: ['share-log', id, filter],
    read: async (page) => hub.shares.logs.query({ id, limit: pageSize, ...filter, ...page }),
    refetchMs: 3_000,
  })
  return (
    <>
      <div className="row row-between">
        <Field
          label="Filter"
          placeholder="status:4xx path:/api method:POST"
          value={text}
          onChange={setText}
          isInvalid={!isSoundFilter(text)}
          hint="status: path: method: ip: and denied, in any order"
        />
        <a className="button button-plain" href={`/v1/shares/${id}/logs/export?format=csv`} download>
          <Download aria-hidden size={16} /> CSV
        </a>
      </div>
      <ListState
        query={pages}
        isEmpty={pages.items.length === 0}
        empty={<p className="soft">{text === '' ? 'No requests yet.' : 'No request is like that.'}</p>}
      >
        <Rows
          items={pages.items}
          onEnd={() => void (pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage())}
        />
      </ListState>
    </>
  )
}

interface RowsProps {
  readonly items: readonly AccessLogEntry[]
  readonly onEnd: () => void
}

/** Only the rows that are in sight exist; reading on brings the next page. */
function Rows({ items, onEnd }: RowsProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    estimateSize: () => rowPx,
    getScrollElement: () => scroller.current,
    overscan: 12,
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)
  const lastIndex = last?.index ?? 0
  useEffect(() => {
    if (lastIndex >= items.length - 1) onEnd()
  }, [lastIndex, items.length, onEnd])
  return (
    <div ref={scroller} className="table-frame log">
      <table aria-rowcount={items.length}>
        <thead>
          <tr>
            {['When', 'Status', 'Method', 'Path', 'Latency, or why refused', 'Address'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Space heightPx={shown[0]?.start ?? 0} />
          {shown.map(({ index }) => {
            const entry = items[index]
            return entry === undefined ? null : <Row key={entry.id} entry={entry} />
          })}
          <Space heightPx={rows.getTotalSize() - (last?.end ?? 0)} />
        </tbody>
      </table>
    </div>
  )
}

/** Stands for the rows above or below those in sight. */
function Space({ heightPx }: { readonly heightPx: number }) {
  return heightPx <= 0 ? null : <tr aria-hidden style={{ height: heightPx }} />
}

function Row({ entry }: { readonly entry: AccessLogEntry }) {
  const { method, path, statusCode, latencyMs, ipAddress, timestamp, denied, userAgent } = entry
  return (
    <tr title={userAgent ?? undefined}>
      <td>{writeTime(timestamp)}</td>
      <td className={`status status-${Math.floor(statusCode / 100)}`}>{statusCode}</td>
      <td>{method}</td>
      <td className="log-path">
        <code>{path}</code>
      </td>
      <td>{denied ?? `${latencyMs} ms`}</td>
      <td>{ipAddress}</td>
    </tr>
  )
}
