/** One directive of a Content-Security-Policy: its name in lower case, and its values as they stand. */
interface Directive {
  readonly name: string
  readonly values: readonly string[]
  readonly text: string
}

/**
 * A serialized policy (CSP3 §2.2.1) with which one inline style of this hash applies: the policy itself where any inline
 * style does, else with the hash added and nothing else loosened. Null when the banner could not be what it is even so:
 * a sandbox without forms leaves a page nothing that closes.
 */
export function allowStyle(policy: string, hash: string): string | null {
  const directives = readDirectives(policy)
  const sandbox = find(directives, 'sandbox')
  if (sandbox !== undefined && !hasWord(sandbox.values, 'allow-forms')) return null
  const rule = ['style-src-elem', 'style-src', 'default-src'].flatMap(
    (name) => find(directives, name) ?? [],
  )[0]
  if (rule === undefined || allowsInline(rule.values) || hasWord(rule.values, `'${hash}'`)) return policy
  const sources = [...rule.values.filter((value) => value.toLowerCase() !== "'none'"), `'${hash}'`].join(' ')
  // In default-src the hash would count for scripts too.
  if (rule.name === 'default-src') return `${withoutEnd(policy)}; style-src-elem ${sources}`
  return directives.map((each) => (each === rule ? `${rule.name} ${sources}` : each.text)).join('; ')
}

/** Without the semicolons and spaces that end it; an expression would take time with the square of its spaces. */
function withoutEnd(policy: string): string {
  let end = policy.length
  while (end > 0 && /[;\s]/.test(policy.charAt(end - 1))) end -= 1
  return policy.slice(0, end)
}

/** The same for a header, which may hold several policies. */
export function allowStyleInHeader(value: string, hash: string): string | null {
  const policies = value.split(',').map((policy) => allowStyle(policy, hash))
  return policies.includes(null) ? null : policies.join(',')
}

function readDirectives(policy: string): Directive[] {
  return policy
    .split(';')
    .map((part) => part.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const [name = '', ...values] = text.split(/\s+/)
      return { name: name.toLowerCase(), values, text }
    })
}

/** Of several with one name the first counts. */
function find(directives: readonly Directive[], name: string): Directive | undefined {
  return directives.find((directive) => directive.name === name)
}

function hasWord(values: readonly string[], word: string): boolean {
  return values.some((value) => value.toLowerCase() === word.toLowerCase())
}

/** 'unsafe-inline' counts only where no nonce and no hash stands beside it. */
function allowsInline(values: readonly string[]): boolean {
  return hasWord(values, "'unsafe-inline'") && !values.some((value) => /^'(?:nonce|sha\d+)-/i.test(value))
}
