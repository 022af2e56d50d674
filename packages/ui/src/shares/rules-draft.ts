import type { Share, ShareMethod } from '@private-connect/api/contracts'

/** The rules of a share as a form has them: texts, of which empty ones restrict nothing. */
export interface RulesDraft {
  readonly paths: string
  readonly methods: readonly ShareMethod[]
  readonly rate: string
  readonly maskedColumns: string
  readonly allowWrites: boolean
}

export const emptyRules: RulesDraft = {
  paths: '',
  methods: [],
  rate: '',
  maskedColumns: '',
  allowWrites: false,
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What the API takes for a new share; what was left empty is left out. */
export function toRules(draft: RulesDraft) {
  const [paths, masked] = [linesOf(draft.paths), linesOf(draft.maskedColumns)]
  return {
    ...(paths.length > 0 && { allowedPaths: paths }),
    ...(draft.methods.length > 0 && { allowedMethods: [...draft.methods] }),
    ...(draft.rate !== '' && { rateLimitPerMin: Number(draft.rate) }),
    ...(masked.length > 0 && { maskedColumns: masked }),
    ...(draft.allowWrites && { allowWrites: true }),
  }
}

type Rules = Pick<
  Share,
  'allowedPaths' | 'allowedMethods' | 'rateLimitPerMin' | 'maskedColumns' | 'allowWrites'
>

/** The rules that a share has, to be changed. */
export function draftOf(share: Rules): RulesDraft {
  const { allowedPaths, allowedMethods, rateLimitPerMin, maskedColumns, allowWrites } = share
  return {
    paths: allowedPaths?.join('\n') ?? '',
    methods: allowedMethods ?? [],
    rate: rateLimitPerMin === null ? '' : String(rateLimitPerMin),
    maskedColumns: maskedColumns.join('\n'),
    allowWrites,
  }
}

/** All rules of a share that exists, as the API takes them; null takes a restriction away. */
export function toChangedRules(draft: RulesDraft): Rules {
  const paths = linesOf(draft.paths)
  return {
    allowedPaths: paths.length === 0 ? null : paths,
    allowedMethods: draft.methods.length === 0 ? null : [...draft.methods],
    rateLimitPerMin: draft.rate === '' ? null : Number(draft.rate),
    maskedColumns: linesOf(draft.maskedColumns),
    allowWrites: draft.allowWrites,
  }
}
