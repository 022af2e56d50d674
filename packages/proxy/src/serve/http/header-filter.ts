/** The value to pass on, the given one or another; null removes the header. */
export type HeaderRule<Context> = (value: string, context: Context) => string | null

/** One step over a message's headers: what it is for, which headers it looks at (lower case), and what becomes of them. */
export interface HeaderPass<Context> {
  readonly title: string
  readonly concerns: (name: string) => boolean
  readonly rule: HeaderRule<Context>
}

/** Appends what passes of `raw` (name, value, name, value …) to `out`; order, duplicates and spelling stay. */
export type HeaderFilter<Context> = (raw: readonly string[], out: string[], context: Context) => void

const namesMax = 2_000

/**
 * Makes a filter of an ordered list of passes. Which passes concern a header is worked out once per spelling of its
 * name, so that most headers cost one look-up however many passes there are.
 */
export function createHeaderFilter<Context>(passes: readonly HeaderPass<Context>[]): HeaderFilter<Context> {
  const rulesByName = new Map<string, readonly HeaderRule<Context>[]>()

  function rulesOf(name: string): readonly HeaderRule<Context>[] {
    const known = rulesByName.get(name)
    if (known !== undefined) return known
    const lower = name.toLowerCase()
    const rules = passes.filter((pass) => pass.concerns(lower)).map((pass) => pass.rule)
    // Names are the visitors' to choose; beyond the bound they are worked out each time.
    if (rulesByName.size < namesMax) rulesByName.set(name, rules)
    return rules
  }

  return (raw, out, context) => {
    for (let at = 0; at + 1 < raw.length; at += 2) {
      const name = raw[at] ?? ''
      const value = applyRules(rulesOf(name), raw[at + 1] ?? '', context)
      if (value !== null) out.push(name, value)
    }
  }
}

function applyRules<Context>(
  rules: readonly HeaderRule<Context>[],
  value: string,
  context: Context,
): string | null {
  let current = value
  for (const rule of rules) {
    const next = rule(current, context)
    if (next === null) return null
    current = next
  }
  return current
}

/** A pass that removes headers, whatever their value. */
export function remove<Context>(
  title: string,
  concerns: readonly string[] | ((name: string) => boolean),
): HeaderPass<Context> {
  const names = typeof concerns === 'function' ? null : new Set(concerns)
  return {
    title,
    concerns: typeof concerns === 'function' ? concerns : (name) => names?.has(name) === true,
    rule: () => null,
  }
}

/** RFC 9110 §7.6.1, with those that proxies commonly treat alike. They describe one connection and end with it. */
export const hopByHop: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-authentication-info',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]

/** The header names that `Connection` nominates, in lower case; null where it nominates none, as nearly always. */
export function readNominated(connection: string | undefined): ReadonlySet<string> | null {
  if (connection === undefined || connection === '') return null
  const lower = connection.toLowerCase()
  if (lower === 'keep-alive' || lower === 'close' || lower === 'upgrade') return null
  return new Set(lower.split(',').map((name) => name.trim()))
}

/** Removes in place the headers that `Connection` nominates, but never those that frame or route the message. */
export function dropNominated(headers: string[], nominated: ReadonlySet<string> | null): void {
  if (nominated === null) return
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    const name = (headers[at] ?? '').toLowerCase()
    if (nominated.has(name) && !essential.has(name)) headers.splice(at, 2)
  }
}

const essential: ReadonlySet<string> = new Set(['content-length', 'host', 'content-encoding', 'content-type'])
