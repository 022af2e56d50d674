import { Button } from '../components/button.tsx'
import { locateFault } from './locate-fault.ts'
import type { QueryFailure } from './query-failure.ts'
import { QueryRows } from './query-rows.tsx'
import type { QueryRun } from './use-query-run.ts'

interface QueryOutcomeProps {
  readonly run: QueryRun
  readonly example: string
  readonly onExample: () => void
}

/** What came of the last query. */
export function QueryOutcome({ run, example, onExample }: QueryOutcomeProps) {
  if (run.state === 'answered') return <QueryRows answer={run.answer} />
  if (run.state === 'failed') return <Problem query={run.query} failure={run.failure} />
  if (run.state === 'idle') {
    return (
      <div className="state">
        <p className="soft">For a first look at what is there:</p>
        <Button onPress={onExample}>
          <code>{example}</code>
        </Button>
      </div>
    )
  }
  return (
    <output className="state soft">
      {run.state === 'running' ? 'Asking the database …' : 'Stopped. The database was told to stop as well.'}
    </output>
  )
}

function Problem({ query, failure }: { readonly query: string; readonly failure: QueryFailure }) {
  const { sentence, details, position } = failure
  return (
    <div className="query-problem" role="alert">
      <p className="query-problem-text">{sentence}</p>
      {position === null ? null : <Place query={query} position={position} />}
      {details.length === 0 ? null : <p className="soft">{details.join(' · ')}</p>}
    </div>
  )
}

/** The line of the query, with a mark below the character that the database points at. */
function Place({ query, position }: { readonly query: string; readonly position: number }) {
  const { line, text, before } = locateFault(query, position)
  return (
    <figure>
      <figcaption className="hint">{`Line ${line}, character ${position} of the query:`}</figcaption>
      <pre aria-hidden>{`${text}\n${' '.repeat(before)}▲`}</pre>
    </figure>
  )
}
