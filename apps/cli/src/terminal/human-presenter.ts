import type { Share } from '@private-connect/api/contracts'
import type { AgentStatus } from '@private-connect/proxy/tunnel'
import type { Colors } from './colors.ts'
import { escapeText } from './escape-text.ts'
import { formatMoment } from './format-moment.ts'
import type { LoginCode, OpenedShare, Presenter, ShareEnd, TextOutput } from './presenter.ts'
import { renderQrCode } from './qr-code.ts'
import { formatArrivalLine, formatVisitLine } from './visit-line.ts'

export interface HumanPresenterOptions extends TextOutput {
  readonly colors: Colors
  readonly nowMs: () => number
}

/** Lines for people. Whatever came from a visitor or a hub is escaped first. */
export function createHumanPresenter(options: HumanPresenterOptions): Presenter {
  const { out, err, colors } = options
  let wasConnected = false
  return {
    shareOpened: (opened) => formatOpened(opened, options).forEach((line) => out(line)),
    visitorCame: (visitor) => out(formatArrivalLine(visitor, colors)),
    visit: (entry) => out(formatVisitLine(entry, colors)),
    tunnelChanged(status) {
      const line = formatTunnel(status, wasConnected, options.nowMs())
      wasConnected ||= status.state === 'connected'
      if (line !== null) out(status.state === 'connected' ? colors.green(line) : colors.yellow(line))
    },
    shareEnded: (end) => out(formatEnd(end)),
    shares(shares) {
      if (shares.length === 0) out('No shares yet. Make one with: npx private-connect share 3000')
      for (const share of shares) formatShare(share, options).forEach((line) => out(line))
    },
    shareRevoked: (shareId) => out(`Revoked ${escapeText(shareId)}. Its link no longer works.`),
    loginStarted: (code) => formatLogin(code, options).forEach((line) => out(line)),
    loggedIn: ({ email, workspaceName }) =>
      out(colors.green(`Signed in as ${escapeText(email)}, workspace ${escapeText(workspaceName)}.`)),
    loggedOut: () => out('Signed out.'),
    warn: (message) => err(colors.yellow(`Warning: ${escapeLines(message)}`)),
    failed(failure) {
      err(colors.red(escapeLines(failure.message)))
      if (failure.hint !== undefined) err(escapeLines(failure.hint))
    },
  }
}

function formatLogin(code: LoginCode, { colors }: HumanPresenterOptions): string[] {
  return [
    'Open this page and compare the code:',
    '',
    `  ${colors.bold(escapeText(code.verificationUriComplete))}`,
    '',
    `  Code   ${colors.bold(colors.green(escapeText(code.userCode)))}`,
    '',
    'Waiting for you to let this machine in …',
  ]
}

function formatOpened(opened: OpenedShare, { colors, nowMs }: HumanPresenterOptions): string[] {
  const { share, service, url } = opened
  const qrCode = opened.showsQr ? renderQrCode(url, colors.isColorSupported) : null
  const target = `${service.protocol}://${service.targetHost}:${service.targetPort}`
  return [
    '',
    `  ${colors.bold(colors.green(escapeText(url)))}`,
    '',
    ...(qrCode === null ? [] : [qrCode, '']),
    `  Leads to   ${escapeText(target)}`,
    `  Share      ${escapeText(share.name)} (${escapeText(share.id)})`,
    `  Expires    ${share.expiresAt === null ? 'never' : formatMoment(share.expiresAt, nowMs())}`,
    `  ${colors.dim(
      opened.keepsShare
        ? 'Ctrl-C stops; the link stays, and works again whenever this port is shared from here.'
        : 'Ctrl-C revokes the link and stops. Visits appear below.',
    )}`,
    '',
  ]
}

/** A line for what the user must know: losses and returns. The first connection is told by the link itself. */
function formatTunnel(status: AgentStatus, wasConnected: boolean, nowMs: number): string | null {
  if (status.state === 'connected') return wasConnected ? 'Online again.' : null
  if (status.state !== 'waiting') return null
  const seconds = Math.max(1, Math.ceil((status.retryAtMs - nowMs) / 1000))
  return `${escapeText(status.message)} Reconnecting in ${seconds} s …`
}

function formatEnd({ reason, isRevoked, shareId }: ShareEnd): string {
  if (reason === 'expired') return 'The share has expired. Nothing is shared any more.'
  if (reason === 'revoked_elsewhere')
    return 'The share was revoked from elsewhere. Nothing is shared any more.'
  if (isRevoked) return 'Revoked. Nothing is shared any more.'
  return `Stopped. The link stays; revoke it with: npx private-connect revoke ${escapeText(shareId)}`
}

function formatShare(share: Share, { colors, nowMs }: HumanPresenterOptions): string[] {
  const state = describeState(share, nowMs())
  const visits = share.accessCount === 1 ? '1 request' : `${share.accessCount} requests`
  return [
    `${colors.bold(escapeText(share.name))}  ${share.isActive ? colors.green(state) : colors.dim(state)}`,
    `  ${escapeText(share.id)}  ${escapeText(share.tokenPreview)}  ${visits}`,
  ]
}

function describeState(share: Share, nowMs: number): string {
  if (share.revokedAt !== null) return `revoked ${formatMoment(share.revokedAt, nowMs)}`
  if (share.expiresAt === null) return 'never expires'
  return `${share.isActive ? 'expires' : 'expired'} ${formatMoment(share.expiresAt, nowMs)}`
}

function escapeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => escapeText(line))
    .join('\n')
}
