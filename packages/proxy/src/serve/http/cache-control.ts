/** Directives, with their values in quotes or without. */
const directive = /\s*([^\s=,"]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]*))?\s*(?:,|$)|[^,]+(?:,|$)|,/g
const ofSharedCaches: ReadonlySet<string> = new Set(['public', 's-maxage', 'proxy-revalidate', 'private'])

/**
 * A Cache-Control for the visitor alone. An answer of a shared app was let through for this request; a cache in front of
 * the hub that kept it would give it to others, after a revoke too.
 */
export function keepPrivate(value: string): string {
  const kept = ['private']
  for (const [, name, argument] of value.matchAll(directive)) {
    if (name === undefined || ofSharedCaches.has(name.toLowerCase())) continue
    kept.push(argument === undefined ? name : `${name}=${argument}`)
  }
  return kept.join(', ')
}
