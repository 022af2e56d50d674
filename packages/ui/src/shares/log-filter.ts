/** The filter as the API takes it; what is not understood is left out, and `isSoundFilter` says so. */
export interface LogFilter {
  status?: string[]
  path?: string
  method?: string[]
  ip?: string
  denied?: boolean
}

const patterns = {
  status: /^[1-5](?:\d\d|xx)$/,
  path: /^\/.{0,511}$/,
  method: /^[A-Za-z]{1,20}$/,
  ip: /^[\da-fA-F.:]+(?:\/\d{1,3})?$/,
} as const

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

/** `status:4xx path:/api denied`, each at most once, in any order. */
export function readFilter(text: string): LogFilter {
  const filter: LogFilter = {}
  for (const word of wordsOf(text)) Object.assign(filter, readWord(word))
  return filter
}

export function isSoundFilter(text: string): boolean {
  return wordsOf(text).every((word) => readWord(word) !== null)
}

function readWord(word: string): LogFilter | null {
  if (word === 'denied') return { denied: true }
  const at = word.indexOf(':')
  const [name, value] = [word.slice(0, at), word.slice(at + 1)]
  if (name !== 'status' && name !== 'path' && name !== 'method' && name !== 'ip') return null
  if (!patterns[name].test(value)) return null
  if (name === 'method') return { method: [value.toUpperCase()] }
  return name === 'status' ? { status: [value] } : { [name]: value }
}
