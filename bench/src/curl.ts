import { runTool } from './run-tool.ts'

export interface TransferOptions {
  readonly url: string
  readonly headers: readonly string[]
  readonly bytes: number
  readonly repeat: number
  readonly signal: AbortSignal
}

const writeOut = '%{http_code} %{size_download} %{size_upload} %{time_total}\\n'

/** Downloads a body several times over one connection; resolves with MB/s (10^6 bytes) over all of them. */
export async function measureDownload(options: TransferOptions): Promise<number> {
  const transfers = await curl(options, (url) => ['-o', '/dev/null', url])
  return throughput(transfers, { expectedBytes: options.bytes, direction: 'down' })
}

/** Uploads a file several times over one connection; resolves with MB/s (10^6 bytes) over all of them. */
export async function measureUpload(options: TransferOptions & { readonly file: string }): Promise<number> {
  const transfers = await curl(options, (url) => ['-o', '/dev/null', '-T', options.file, url])
  return throughput(transfers, { expectedBytes: options.bytes, direction: 'up' })
}

export interface Transfer {
  readonly status: number
  readonly bytesDown: number
  readonly bytesUp: number
  readonly seconds: number
}

/** Reads the lines that curl prints for `writeOut`, one for each transfer. */
export function parseTransfers(stdout: string): Transfer[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [status, bytesDown, bytesUp, seconds] = line.split(' ').map(Number)
      if (!isFilled(status) || !isFilled(bytesDown) || !isFilled(bytesUp) || !isFilled(seconds)) {
        throw new Error(`curl printed an unexpected line: ${line}`)
      }
      return { status, bytesDown, bytesUp, seconds }
    })
}

/** MB/s over whole transfers; a wrong status or a short body is an error, not a slow transfer. */
export function throughput(
  transfers: readonly Transfer[],
  expected: { readonly expectedBytes: number; readonly direction: 'down' | 'up' },
): number {
  let seconds = 0
  let bytes = 0
  for (const transfer of transfers) {
    const moved = expected.direction === 'down' ? transfer.bytesDown : transfer.bytesUp
    if (transfer.status !== 200 || moved !== expected.expectedBytes) {
      throw new Error(`a transfer ended with status ${transfer.status} after ${moved} bytes`)
    }
    bytes += moved
    seconds += transfer.seconds
  }
  return bytes / 1e6 / seconds
}

async function curl(options: TransferOptions, argsFor: (url: string) => string[]): Promise<Transfer[]> {
  const headerArgs = options.headers.flatMap((header) => ['-H', header])
  // Without an Expect header: the wait for "100 Continue" would be measured instead of the transfer.
  const shared = ['-sS', '--http1.1', '--max-time', '40', '-w', writeOut, '-H', 'Expect:', ...headerArgs]
  const args: string[] = []
  for (let count = 0; count < options.repeat; count += 1) {
    if (count > 0) args.push('--next')
    args.push(...shared, ...argsFor(options.url))
  }
  const stdout = await runTool({ command: 'curl', args, timeoutMs: 130_000, signal: options.signal })
  return parseTransfers(stdout)
}

function isFilled(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value)
}
