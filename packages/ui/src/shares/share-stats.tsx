import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ShareStats as Stats } from '@private-connect/api/contracts'
import { BarList } from '../components/bar-list.tsx'
import { Choice } from '../components/choice.tsx'
import { ListState } from '../components/list-state.tsx'
import { tellPast } from '../components/time.ts'
import { useNow } from '../components/use-now.ts'
import { useHub } from '../hub/hub-context.tsx'
import { RequestsChart } from './requests-chart.tsx'
import { tellBytes } from './tell-bytes.ts'

const spans = [
  ['1', 'Last hour'],
  ['24', 'Last 24 hours'],
  ['168', 'Last 7 days'],
  ['720', 'Last 30 days'],
] as const

type Span = (typeof spans)[number][0]

const hourMs = 3_600_000

export function ShareStats({ id }: { readonly id: string }) {
  const hub = useHub()
  const [span, setSpan] = useState<Span>('24')
  const query = useQuery({
    queryKey: ['share-stats', id, span],
    queryFn: async () =>
      hub.shares.stats.query({ id, from: new Date(Date.now() - Number(span) * hourMs).toISOString() }),
    refetchInterval: 10_000,
    placeholderData: (previous) => previous,
  })
  return (
    <>
      <div className="row row-end">
        <Choice label="Time" value={span} options={spans} onChange={setSpan} />
      </div>
      <ListState
        query={query}
        isEmpty={query.data?.requests === 0}
        empty={<p className="soft">Nobody opened this share in that time.</p>}
      >
        {query.data === undefined ? null : <Charts stats={query.data} />}
      </ListState>
    </>
  )
}

function Charts({ stats }: { readonly stats: Stats }) {
  return (
    <>
      {stats.isComplete ? null : (
        <p className="hint">There were so many requests that only the newest of that time are counted.</p>
      )}
      <Figures stats={stats} />
      <RequestsChart stats={stats} />
      <div className="columns">
        <Answers stats={stats} />
        <Latency stats={stats} />
        <BarList
          title="Top paths"
          bars={stats.topPaths.map(({ path, requests }) => ({
            label: path,
            value: requests,
            told: count(requests),
          }))}
        />
        <Visitors stats={stats} />
      </div>
    </>
  )
}

function Figures({ stats }: { readonly stats: Stats }) {
  const figures: ReadonlyArray<readonly [string, string]> = [
    ['Requests', count(stats.requests)],
    ['Visitors', count(stats.visitors)],
    ['Refused', count(stats.denied)],
    ['Server errors', count(stats.statusClasses['5xx'])],
    ['Sent to visitors', tellBytes(stats.bytesOut)],
    ['Sent by visitors', tellBytes(stats.bytesIn)],
  ]
  return (
    <dl className="figures">
      {figures.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const classes = [
  ['1xx', '1xx: goes on, such as WebSockets', 'quiet'],
  ['2xx', '2xx: answered', 'good'],
  ['3xx', '3xx: sent elsewhere, or unchanged', 'quiet'],
  ['4xx', '4xx: refused or not found', 'late'],
  ['5xx', '5xx: server errors', 'bad'],
] as const

function Answers({ stats: { statusClasses } }: { readonly stats: Stats }) {
  const bars = classes
    .filter(([name]) => statusClasses[name] > 0)
    .map(([name, label, tone]) => ({
      label,
      tone,
      value: statusClasses[name],
      told: count(statusClasses[name]),
    }))
  return <BarList title="Answers by status" bars={bars} />
}

const percentiles = [
  ['p50', '50 of 100 (p50)'],
  ['p95', '95 of 100 (p95)'],
  ['p99', '99 of 100 (p99)'],
] as const

function Latency({ stats: { latencyMs } }: { readonly stats: Stats }) {
  const bars =
    latencyMs === null
      ? []
      : percentiles.map(([name, label]) => ({
          label,
          value: latencyMs[name],
          told: `within ${count(latencyMs[name])} ms`,
        }))
  return <BarList title="Time that answers take" bars={bars} empty="No request reached the app." />
}

function Visitors({ stats: { topVisitors } }: { readonly stats: Stats }) {
  const nowMs = useNow()
  const bars = topVisitors.map(({ ipAddress, requests, lastSeenAt }) => ({
    label: ipAddress,
    value: requests,
    told: `${count(requests)}, last ${tellPast(lastSeenAt, nowMs)}`,
  }))
  return <BarList title="Top visitors" bars={bars} />
}

const count = (value: number): string => value.toLocaleString('en')
