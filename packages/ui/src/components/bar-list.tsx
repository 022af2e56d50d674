interface Bar {
  /** What it is known by, and is called. */
  readonly label: string
  readonly value: number
  /** The value in words. */
  readonly told: string
  readonly tone?: 'good' | 'quiet' | 'late' | 'bad'
}

interface BarListProps {
  readonly title: string
  readonly bars: readonly Bar[]
  /** Stands in place of the bars where there are none. */
  readonly empty?: string
}

/** Few values side by side. The bars only repeat what the numbers say. */
export function BarList({ title, bars, empty = 'Nothing yet.' }: BarListProps) {
  const max = Math.max(...bars.map(({ value }) => value), 1)
  return (
    <section className="bars">
      <h2>{title}</h2>
      {bars.length === 0 ? <p className="soft">{empty}</p> : null}
      <ol>
        {bars.map(({ label, value, told, tone }) => (
          <li key={label}>
            <span className="bar-label" title={label}>
              {label}
            </span>
            <span className="bar-value">{told}</span>
            <span className={`bar bar-${tone ?? 'plain'}`} aria-hidden>
              <span style={{ width: `${(value / max) * 100}%` }} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
