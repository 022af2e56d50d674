import { pino, type Logger } from 'pino'

export type { Logger } from 'pino'

const shareToken = /share[_-]tok[_-][a-z2-7]+/gi

/** A URL as it may be logged: without its query, which can carry tokens, and with share tokens cut to their preview. */
export function maskUrl(url: string): string {
  const path = url.split('?', 1)[0] ?? ''
  return path.replace(shareToken, (token) => `${token.slice(0, 13)}...`)
}

interface LoggedRequest {
  readonly method?: string
  readonly url?: string
}

/** The hub's log: one JSON object a line on standard output, with credentials removed wherever they stand. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: {
      req: (request: LoggedRequest) => ({ method: request.method, url: maskUrl(request.url ?? '') }),
      err: pino.stdSerializers.err,
    },
    redact: {
      paths: [
        'token',
        'key',
        'secret',
        'password',
        'authorization',
        'cookie',
        'headers',
        'req.headers',
        'url.password',
      ],
      censor: '[redacted]',
    },
  })
}
