import type { ShareStats } from '@private-connect/api/contracts'
import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { toChartRows } from './to-chart-rows.ts'

const heightPx = 220

const softly = (name: string) => <span className="soft">{name}</span>

/** Over time; the figures above and the lists below say the same in words. */
export function RequestsChart({ stats }: { readonly stats: ShareStats }) {
  return (
    <figure className="chart">
      <figcaption>Requests over time</figcaption>
      <ResponsiveContainer width="100%" height={heightPx}>
        <BarChart data={toChartRows(stats)} accessibilityLayer barCategoryGap={1}>
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
          <Legend iconType="circle" iconSize={9} formatter={softly} />
          <Bar
            dataKey="passed"
            name="Reached the app"
            stackId="all"
            fill="var(--accent)"
            isAnimationActive={false}
          />
          <Bar
            dataKey="refused"
            name="Refused by the hub"
            stackId="all"
            fill="var(--late)"
            isAnimationActive={false}
          />
        </BarChart>
      </ResponsiveContainer>
    </figure>
  )
}
