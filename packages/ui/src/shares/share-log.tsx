import { Download, RotateCw } from 'lucide-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Group, ToggleButton } from 'react-aria-components'
import type { AccessLogEntry } from '@private-connect/api/contracts'
import { Button } from '../components/button.tsx'
import { Field } from '../components/field.tsx'
import { ListState } from '../components/list-state.tsx'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { hasWord, isSoundFilter, readFilter, toggleWord, writeQuery, type LogFilter } from './log-filter.ts'
import { LogEntryDialog } from './log-entry-dialog.tsx'
import { LogTable } from './log-table.tsx'

const pageSize = 100

export function ShareLog({ id }: { readonly id: string }) {
  const hub = useHub()
  const [text, setText] = useState('')
  const [opened, setOpened] = useState<AccessLogEntry | null>(null)
  const filter = readFilter(text)
  const pages = usePages({
    key: ['share-log', id, filter],
    read: async (page) => hub.shares.logs.query({ id, limit: pageSize, ...filter, ...page }),
    refetchMs: 3_000,
  })
  return (
    <>
      <Filter text={text} onChange={setText} />
      <ListState
        query={pages}
        isEmpty={pages.items.length === 0}
        empty={<Nothing isFiltered={text !== ''} onClear={() => setText('')} />}
      >
        <div className="row row-between">
          <Position id={id} count={pages.items.length} isLive={pages.data?.pages.length === 1} />
          <Exports id={id} filter={filter} />
        </div>
        <LogTable
          items={pages.items}
          onOpen={setOpened}
          onEnd={() => void (pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage())}
        />
      </ListState>
      <LogEntryDialog
        entry={opened}
        onClose={() => setOpened(null)}
        onFilter={(word) => {
          setOpened(null)
          setText(word)
        }}
      />
    </>
  )
}

interface FilterProps {
  readonly text: string
  readonly onChange: (text: string) => void
}

const words = [
  ['status:2xx', '2xx'],
  ['status:3xx', '3xx'],
  ['status:4xx', '4xx'],
  ['status:5xx', '5xx'],
  ['refused', 'Refused by the hub'],
  ['passed', 'Reached the app'],
  ['method:GET', 'GET'],
  ['method:POST', 'POST'],
] as const

/** As a text, of which the buttons write the usual words. */
function Filter({ text, onChange }: FilterProps) {
  return (
    <div className="log-filter">
      <Field
        label="Filter"
        placeholder="status:404 path:/api ip:203.0.113.0/24"
        value={text}
        onChange={onChange}
        isInvalid={!isSoundFilter(text)}
        hint="By status: path: method: ip: visitor: and the words refused or passed, in any order. * stands for any characters of a path."
      />
      <Group className="row" aria-label="Usual filters">
        {words.map(([word, label]) => (
          <ToggleButton
            key={word}
            className="chip"
            isSelected={hasWord(text, word)}
            onChange={() => onChange(toggleWord(text, word))}
          >
            {label}
          </ToggleButton>
        ))}
      </Group>
    </div>
  )
}

function Nothing({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  if (!isFiltered)
    return <p className="soft">No requests yet. Each one is listed here within a second, refused ones too.</p>
  return (
    <>
      <p className="soft">No request is like that.</p>
      <Button onPress={onClear}>Show all requests</Button>
    </>
  )
}

interface PositionProps {
  readonly id: string
  readonly count: number
  /** Only the first page is there, which is read again and again. */
  readonly isLive: boolean
}

function Position({ id, count, isLive }: PositionProps) {
  const queries = useQueryClient()
  if (isLive) return <span className="hint">Newest first; new ones appear by themselves.</span>
  return (
    <span className="row">
      <span className="hint">{`${count.toLocaleString('en')} read so far.`}</span>
      <Button look="quiet" onPress={() => void queries.resetQueries({ queryKey: ['share-log', id] })}>
        <RotateCw aria-hidden size={16} /> Back to the newest
      </Button>
    </span>
  )
}

/** What a browser saves by itself; the app's window has no such way to the hub. */
function Exports({ id, filter }: { readonly id: string; readonly filter: LogFilter }) {
  const isInBrowser = useDesktop() === null
  if (!isInBrowser) return null
  const url = (format: string): string => {
    const query = writeQuery(filter)
    return `/v1/shares/${id}/logs/export?format=${format}${query === '' ? '' : `&${query}`}`
  }
  return (
    <span className="row">
      {(['csv', 'ndjson'] as const).map((format) => (
        <a key={format} className="button button-quiet" href={url(format)} download>
          <Download aria-hidden size={16} /> {format === 'csv' ? 'CSV' : 'JSON lines'}
        </a>
      ))}
    </span>
  )
}
