/** The filter as the API takes it; what is not understood is left out, and `isSoundFilter` says so. */
export interface LogFilter {
  status?: string[]
  path?: string
  method?: string[]
  ip?: string
  visitor?: string
  denied?: boolean
}

const patterns = {
  status: /^[1-5](?:\d\d|xx)$/,
  path: /^[/*].{0,511}$/,
  method: /^[A-Za-z][A-Za-z-]{0,31}$/,
  ip: /^[\da-fA-F.:]+(?:\/\d{1,3})?$/,
  visitor: /^[\w-]{1,64}$/,
} as const

type Name = keyof typeof patterns

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')

/** `status:4xx status:5xx path:/api refused`, in any order; of several statuses or methods one has to fit. */
export function readFilter(text: string): LogFilter {
  const filter: LogFilter = {}
  for (const word of wordsOf(text)) {
    const { status = [], method = [], ...read } = readWord(word) ?? {}
    if (status.length > 0) filter.status = [...(filter.status ?? []), ...status]
    if (method.length > 0) filter.method = [...(filter.method ?? []), ...method]
    Object.assign(filter, read)
  }
  return filter
}

export function isSoundFilter(text: string): boolean {
  return wordsOf(text).every((word) => readWord(word) !== null)
}

export function hasWord(text: string, word: string): boolean {
  return wordsOf(text).includes(word)
}

/** The text with the word, or without it where it was there. */
export function toggleWord(text: string, word: string): string {
  const words = wordsOf(text)
  const others = words.filter((each) => each !== word)
  return (others.length === words.length ? [...words, word] : others).join(' ')
}

/** The same filter for a download. */
export function writeQuery(filter: LogFilter): string {
  const { status = [], method = [], denied, ...rest } = filter
  return new URLSearchParams([
    ...status.map((value) => ['status', value]),
    ...method.map((value) => ['method', value]),
    ...Object.entries(rest),
    ...(denied === undefined ? [] : [['denied', String(denied)]]),
  ] as string[][]).toString()
}

function readWord(word: string): LogFilter | null {
  if (word === 'refused' || word === 'passed') return { denied: word === 'refused' }
  const at = word.indexOf(':')
  const [name, value] = [word.slice(0, at), word.slice(at + 1)]
  if (!isName(name) || !patterns[name].test(value)) return null
  if (name === 'method') return { method: [value.toUpperCase()] }
  return name === 'status' ? { status: [value] } : { [name]: value }
}

function isName(name: string): name is Name {
  return Object.hasOwn(patterns, name)
}
