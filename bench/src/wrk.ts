import { runTool } from './run-tool.ts'

export interface WrkResult {
  readonly requestsPerSecond: number
  readonly requestCount: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Socket errors and answers other than 2xx and 3xx. */
  readonly errorCount: number
}

export interface WrkOptions {
  readonly url: string
  readonly headers: readonly string[]
  readonly connections: number
  readonly seconds: number
  readonly signal: AbortSignal
}

/** Loads one URL over keep-alive connections, each with one request at a time. */
export async function runWrk(options: WrkOptions): Promise<WrkResult> {
  const headerArgs = options.headers.flatMap((header) => ['-H', header])
  const stdout = await runTool({
    command: 'wrk',
    args: [
      '-t1',
      `-c${options.connections}`,
      `-d${options.seconds}s`,
      '--latency',
      ...headerArgs,
      options.url,
    ],
    timeoutMs: options.seconds * 1000 + 20_000,
    signal: options.signal,
  })
  return parseWrk(stdout)
}

/** Reads what `wrk --latency` prints. */
export function parseWrk(stdout: string): WrkResult {
  const requestCount = Number(find(stdout, /^\s*(\d+) requests in /m))
  return {
    requestsPerSecond: Number(find(stdout, /^Requests\/sec:\s+([\d.]+)/m)),
    requestCount,
    p50Ms: parseDuration(find(stdout, /^\s*50%\s+([\d.]+[a-z]+)/m)),
    p99Ms: parseDuration(find(stdout, /^\s*99%\s+([\d.]+[a-z]+)/m)),
    errorCount: countErrors(stdout),
  }
}

function countErrors(stdout: string): number {
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)
  const badAnswers = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)
  const counts = [...(socketErrors?.slice(1) ?? []), ...(badAnswers?.slice(1) ?? [])]
  return counts.reduce((sum, count) => sum + Number(count), 0)
}

const unitMs: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

function parseDuration(text: string): number {
  const [, amount = '', unit = ''] = /^([\d.]+)([a-z]+)$/.exec(text) ?? []
  const factor = unitMs[unit]
  if (factor === undefined) throw new Error(`wrk printed an unknown duration: ${text}`)
  return Number(amount) * factor
}

function find(stdout: string, pattern: RegExp): string {
  const found = pattern.exec(stdout)?.[1]
  if (found === undefined) throw new Error(`wrk did not print ${pattern.source}: ${stdout.slice(-400)}`)
  return found
}
