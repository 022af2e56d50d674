import type { QueryAudit } from '@private-connect/api/contracts'
import { Badge } from '../components/badge.tsx'
import { Button } from '../components/button.tsx'
import { ListState } from '../components/list-state.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { writeTime } from '../components/time.ts'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'
import { outcomes } from './outcomes.ts'

interface QueryHistoryProps {
  readonly id: string
  readonly onReuse: (query: string) => void
}

/** Every query that was asked through a database share, refused ones too. */
export function QueryHistory({ id, onReuse }: QueryHistoryProps) {
  const hub = useHub()
  const pages = usePages({
    key: ['share-queries', id],
    read: async (page) => hub.shares.queries.query({ id, ...page }),
    refetchMs: 5_000,
  })
  return (
    <section className="query-history" aria-labelledby="query-history-title">
      <h2 id="query-history-title">Asked so far</h2>
      <ListState
        query={pages}
        isEmpty={pages.items.length === 0}
        empty={<p className="soft">Nothing yet. What visitors ask is listed here too, refused or not.</p>}
      >
        <ul className="cards">
          {pages.items.map((entry) => (
            <li key={entry.id} className="card">
              <Entry entry={entry} onReuse={onReuse} />
            </li>
          ))}
        </ul>
        <ShowMore pages={pages} />
      </ListState>
    </section>
  )
}

interface EntryProps extends Pick<QueryHistoryProps, 'onReuse'> {
  readonly entry: QueryAudit
}

function Entry({ entry, onReuse }: EntryProps) {
  const { query, outcome, rowCount, durationMs, startedAt, ipAddress, actorId, errorMessage } = entry
  const { tone, word } = outcomes[outcome]
  return (
    <>
      <div className="query-asked">
        <code className="wrap">{query}</code>
        <Button look="quiet" onPress={() => onReuse(query)}>
          Use again
        </Button>
      </div>
      <span className="card-facts">
        <Badge tone={tone}>{word}</Badge>
        <span>{writeTime(startedAt)}</span>
        <span>{actorId === null ? `visitor at ${ipAddress}` : `your workspace, from ${ipAddress}`}</span>
        {rowCount === null ? null : <span>{rowCount === 1 ? '1 row' : `${rowCount} rows`}</span>}
        {durationMs === null ? null : <span>{durationMs} ms</span>}
        {errorMessage === null ? null : <span>{errorMessage}</span>}
      </span>
    </>
  )
}
