import { AttemptError } from './attempt-error.ts'
import { protocolVersion } from '../mux/frame.ts'
import { versionHeader } from '../tunnel-route.ts'
import type { UpgradeAnswer } from './upgrade-hub.ts'

/** Answers of something on the way that does not know our upgrade but may know WebSocket's. */
const fallbackStatuses: ReadonlySet<number> = new Set([0, 400, 404, 405, 426, 501, 502])
const retryAfterMaxMs = 5 * 60 * 1000

/** Whether the refused raw upgrade is worth a second try as a WebSocket. A hub's own refusal is final. */
export function isWebSocketWorthTrying(answer: UpgradeAnswer): boolean {
  return fallbackStatuses.has(answer.status) && !isVersionRefusal(answer)
}

/** What an answer other than 101 means for the agent's user. */
export function classifyAnswer(answer: UpgradeAnswer): AttemptError {
  const { status } = answer
  if (isVersionRefusal(answer)) {
    const text = `The hub speaks another version of the tunnel protocol than ${protocolVersion}. Update Private Connect.`
    return new AttemptError('version_refused', text)
  }
  if (status === 0) return new AttemptError('unreachable', 'The hub closed the connection without an answer.')
  if (status === 401 || (status === 403 && !isPage(answer)))
    return new AttemptError('unauthorized', 'The hub does not accept this agent’s token.')
  if (status === 407) return new AttemptError('proxy_failed', 'The proxy asks for other credentials.')
  if (status === 429 || status >= 500) return classifyUnavailable(answer)
  return new AttemptError(
    'portal',
    `Something between here and the hub answered instead of it (status ${status}): a sign-in page of this network, or a wrong hub address.`,
  )
}

function classifyUnavailable(answer: UpgradeAnswer): AttemptError {
  if (answer.status === 511)
    return new AttemptError('portal', 'This network asks for a sign-in in the browser first.')
  const text = `The hub is not available now (status ${answer.status}).`
  return new AttemptError('hub_unavailable', text, { retryAfterMs: readRetryAfterMs(answer) })
}

function isVersionRefusal(answer: UpgradeAnswer): boolean {
  const versions = answer.headers[versionHeader]
  if (answer.status !== 426 || typeof versions !== 'string') return false
  return !versions.split(',').some((text) => text.trim() === String(protocolVersion))
}

function isPage(answer: UpgradeAnswer): boolean {
  return (answer.headers['content-type'] ?? '').includes('text/html')
}

/** Only the form in seconds; hubs and load balancers send that one. */
function readRetryAfterMs(answer: UpgradeAnswer): number {
  const seconds = Number(answer.headers['retry-after'] ?? 0)
  return seconds > 0 ? Math.min(seconds * 1000, retryAfterMaxMs) : 0
}
