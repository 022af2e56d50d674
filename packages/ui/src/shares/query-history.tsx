import { Badge } from '../components/badge.tsx'
import { ListState } from '../components/list-state.tsx'
import { ShowMore } from '../components/show-more.tsx'
import { writeTime } from '../components/time.ts'
import { useHub } from '../hub/hub-context.tsx'
import { usePages } from '../hub/use-pages.ts'

/** Every query that was asked through a database share, refused ones too. */
export function QueryHistory({ id }: { readonly id: string }) {
  const hub = useHub()
  const pages = usePages({
    key: ['share-queries', id],
    read: async (page) => hub.shares.queries.query({ id, ...page }),
    refetchMs: 5_000,
  })
  return (
    <ListState
      query={pages}
      isEmpty={pages.items.length === 0}
      empty={<p className="soft">No query was asked. Only shares of databases have any.</p>}
    >
      <ul className="cards">
        {pages.items.map(
          ({ id: queryId, query, outcome, rowCount, durationMs, startedAt, ipAddress, errorMessage }) => (
            <li key={queryId} className="card">
              <code className="wrap">{query}</code>
              <span className="card-facts">
                <Badge tone={outcome === 'ok' ? 'good' : 'late'}>{outcome}</Badge>
                <span>{writeTime(startedAt)}</span>
                <span>{ipAddress}</span>
                {rowCount === null ? null : <span>{rowCount} rows</span>}
                {durationMs === null ? null : <span>{durationMs} ms</span>}
                {errorMessage === null ? null : <span>{errorMessage}</span>}
              </span>
            </li>
          ),
        )}
      </ul>
      <ShowMore pages={pages} />
    </ListState>
  )
}
