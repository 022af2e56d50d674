/** Which of a share's entries are asked for; what is left out restricts nothing. */
export interface AccessLogFilter {
  /** From this moment on … */
  readonly from?: Date | undefined
  /** … and before this one. */
  readonly to?: Date | undefined
  /** Exact status codes, and first digits for whole classes: an entry needs one of either. */
  readonly statusCodes?: readonly number[] | undefined
  readonly statusClasses?: readonly number[] | undefined
  /** CIDR in canonical form; the caller has parsed it. */
  readonly ipRange?: string | undefined
  /** What a path begins with; with `*`, which stands for any characters, a pattern for the whole path. */
  readonly path?: string | undefined
  readonly methods?: readonly string[] | undefined
  /** Refused ones only, or forwarded ones only. */
  readonly isDenied?: boolean | undefined
  readonly visitorId?: string | undefined
}

/** Conditions of a WHERE, all of which must hold, with their values as numbered parameters. */
export interface SqlConditions {
  readonly values: unknown[]
  add(condition: (...parameters: string[]) => string, ...values: unknown[]): void
  toText(): string
}

export function createConditions(): SqlConditions {
  const values: unknown[] = []
  const texts: string[] = []
  return {
    values,
    add(condition, ...added) {
      texts.push(condition(...added.map((value) => `$${values.push(value)}`)))
    },
    toText: () => texts.join(' AND '),
  }
}

export function addFilter(where: SqlConditions, filter: AccessLogFilter): void {
  const { from, to, ipRange, path, methods, isDenied, visitorId } = filter
  if (from !== undefined) where.add((value) => `"timestamp" >= ${value}::timestamptz`, from)
  if (to !== undefined) where.add((value) => `"timestamp" < ${value}::timestamptz`, to)
  addStatuses(where, filter)
  if (methods !== undefined) where.add((value) => `method = ANY(${value}::text[])`, methods)
  if (visitorId !== undefined) where.add((value) => `visitor_id = ${value}`, visitorId)
  if (isDenied !== undefined) where.add(() => `denied IS ${isDenied ? 'NOT NULL' : 'NULL'}`)
  if (path !== undefined) where.add((value) => `path LIKE ${value}`, toLikePattern(path))
  // Last, since reading an address is the dearest; CASE, so that what is none is never read as one.
  if (ipRange !== undefined) {
    where.add(
      (value) =>
        `CASE WHEN ip_address ~ '^[0-9a-f.:]+$' THEN ip_address::inet <<= ${value}::text::inet ELSE false END`,
      ipRange,
    )
  }
}

function addStatuses(where: SqlConditions, { statusCodes = [], statusClasses = [] }: AccessLogFilter): void {
  if (statusCodes.length === 0 && statusClasses.length === 0) return
  where.add(
    (codes, classes) =>
      `(status_code = ANY(${codes}::int4[]) OR status_code / 100 = ANY(${classes}::int4[]))`,
    statusCodes,
    statusClasses,
  )
}

function toLikePattern(path: string): string {
  const escaped = path.replaceAll(/[\\%_]/g, String.raw`\$&`)
  return escaped.includes('*') ? escaped.replaceAll(/\*+/g, '%') : `${escaped}%`
}
