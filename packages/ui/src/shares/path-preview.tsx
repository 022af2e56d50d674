import { explainPattern } from './explain-pattern.ts'

/** What the patterns that were typed so far mean, as examples. */
export function PathPreview({ patterns }: { readonly patterns: readonly string[] }) {
  if (patterns.length === 0) return <p className="hint">Every path is open now.</p>
  return (
    <ul className="path-preview" aria-label="What these paths allow">
      {[...new Set(patterns)].map(explainPattern).map(({ pattern, fault, passes, refused }) => (
        <li key={pattern}>
          <code>{pattern}</code>
          {fault === null ? (
            <>
              <span className="passes">passes {passes.join(', ')}</span>
              {refused.length === 0 ? null : <span className="refused">refused {refused.join(', ')}</span>}
            </>
          ) : (
            <span className="refused">The pattern {fault}.</span>
          )}
        </li>
      ))}
    </ul>
  )
}
