import { listAccessLogsInput } from '@private-connect/api/contracts'
import { Failure } from '@private-connect/sharing'

/** What `logs` takes on the command line, as commander hands it over. */
export interface LogFlags {
  readonly since?: string
  readonly until?: string
  readonly status?: readonly string[]
  readonly ip?: string
  readonly path?: string
  readonly method?: readonly string[]
  readonly denied?: boolean
  readonly visitor?: string
  readonly limit?: string
}

/** The query of the hub's list, without its page. */
export type LogFilter = ReadonlyArray<readonly [name: string, value: string]>

export interface LogPlan {
  readonly filter: LogFilter
  readonly entriesMax: number
}

const flagOf: Readonly<Record<string, string>> = { from: '--since', to: '--until' }
const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const entriesMaxDefault = 100
const entriesMaxMax = 10_000

/** Checks what can be checked without a hub, by the hub's own rules. Throws a usage Failure. */
export function planLogs(flags: LogFlags, nowMs: number): LogPlan {
  const filter = {
    from: flags.since === undefined ? undefined : readMoment('--since', flags.since, nowMs),
    to: flags.until === undefined ? undefined : readMoment('--until', flags.until, nowMs),
    status: flags.status?.map((status) => status.toLowerCase()),
    ip: flags.ip,
    path: flags.path,
    method: flags.method?.map((method) => method.toUpperCase()),
    denied: flags.denied,
    visitor: flags.visitor,
  }
  const checked = listAccessLogsInput.safeParse({ id: 'share', ...filter })
  if (!checked.success) {
    const [issue] = checked.error.issues
    const name = String(issue?.path[0])
    throw new Failure('usage', `${flagOf[name] ?? `--${name}`}: ${issue?.message}`)
  }
  const entries = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => [name, String(one)] as const),
  )
  return { filter: entries, entriesMax: readLimit(flags.limit) }
}

/** A time of ISO 8601, or how long ago: `90s`, `15m`, `2h`, `7d`. */
function readMoment(flag: string, text: string, nowMs: number): string {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const timeMs = count === undefined ? Date.parse(text) : nowMs - Number(count) * (unitsMs[unit] ?? 0)
  if (Number.isNaN(timeMs)) {
    throw new Failure(
      'usage',
      `${flag}: Must be how long ago, such as 15m, 2h or 7d, or a time such as 2026-03-02T10:00:00Z`,
    )
  }
  return new Date(timeMs).toISOString()
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return entriesMaxDefault
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= entriesMaxMax) return limit
  throw new Failure('usage', `--limit: Must be a whole number from 1 to ${entriesMaxMax}`)
}
