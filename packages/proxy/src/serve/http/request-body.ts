import type { IncomingMessage } from 'node:http'

/** Whether a request announces a body; an empty one counts as none. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return length === undefined ? headers['transfer-encoding'] !== undefined : length !== '0'
}
