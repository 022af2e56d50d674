import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ShareStats as Stats } from '@private-connect/api/contracts'
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { Choice } from '../components/choice.tsx'
import { ListState } from '../components/list-state.tsx'
import { useHub } from '../hub/hub-context.tsx'

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
        {query.data === undefined ? null : <Figures stats={query.data} />}
      </ListState>
    </>
  )
}

function Figures({ stats }: { readonly stats: Stats }) {
  const { latencyMs } = stats
  const figures: ReadonlyArray<readonly [string, string]> = [
    ['Requests', count(stats.requests)],
    ['Visitors', count(stats.visitors)],
    ['Refused', count(stats.denied)],
    ['Server errors', count(stats.statusClasses['5xx'])],
    ['Latency p50', latencyMs === null ? '–' : `${count(latencyMs.p50)} ms`],
    ['Latency p99', latencyMs === null ? '–' : `${count(latencyMs.p99)} ms`],
  ]
  return (
    <>
      <dl className="figures">
        {figures.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Chart stats={stats} />
      <div className="columns">
        <Top title="Top paths" rows={stats.topPaths.map(({ path, requests }) => [path, requests])} />
        <Top
          title="Top visitors"
          rows={stats.topVisitors.map(({ ipAddress, requests }) => [ipAddress, requests])}
        />
      </div>
    </>
  )
}

function Chart({ stats }: { readonly stats: Stats }) {
  const format = new Intl.DateTimeFormat(
    'en',
    stats.bucketSeconds >= 86_400
      ? { month: 'short', day: 'numeric' }
      : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  )
  const data = stats.buckets.map(({ start, requests, denied }) => ({
    time: format.format(new Date(start)),
    passed: requests - denied,
    refused: denied,
  }))
  return (
    <figure className="chart">
      <figcaption>Requests over time</figcaption>
      <ResponsiveContainer width="100%" height={200}>
        <BarChart data={data} accessibilityLayer barCategoryGap={1}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="time" tickLine={false} stroke="var(--soft)" fontSize={12} minTickGap={40} />
          <YAxis
            allowDecimals={false}
            tickLine={false}
            axisLine={false}
            width={40}
            stroke="var(--soft)"
            fontSize={12}
          />
          <Tooltip
            cursor={{ fill: 'var(--line)' }}
            contentStyle={{ background: 'var(--card)', border: '1px solid var(--line)', borderRadius: 8 }}
          />
          <Bar dataKey="passed" name="Passed" stackId="all" fill="var(--accent)" isAnimationActive={false} />
          <Bar dataKey="refused" name="Refused" stackId="all" fill="var(--late)" isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </figure>
  )
}

interface TopProps {
  readonly title: string
  readonly rows: ReadonlyArray<readonly [text: string, requests: number]>
}

function Top({ title, rows }: TopProps) {
  return (
    <section>
      <h2>{title}</h2>
      <ol className="top">
        {rows.map(([text, requests]) => (
          <li key={text}>
            <code>{text}</code>
            <span>{count(requests)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

const count = (value: number): string => value.toLocaleString('en')
