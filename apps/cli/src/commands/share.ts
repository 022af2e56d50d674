import { randomBytes } from 'node:crypto'
import type { CreatedShare } from '@private-connect/api/contracts'
import {
  detectProtocol,
  Failure,
  isLoopbackHost,
  refuseUnshareable,
  registerOwnService,
  type OwnService,
} from '@private-connect/sharing'
import { createCleanups, type Cleanups } from '../sharing/cleanups.ts'
import { planShare, type ShareFlags, type SharePlan } from '../sharing/share-plan.ts'
import { AgentRefused, openTunnel, type OpenTunnel } from '../sharing/tunnel.ts'
import { waitForShareEnd } from '../sharing/watch-share.ts'
import { watchVisitors } from '../sharing/watch-visitors.ts'
import { watchVisits } from '../sharing/watch-visits.ts'
import type { EndReason } from '../terminal/presenter.ts'
import type { CommandContext } from './command-context.ts'

interface Sharing {
  readonly context: CommandContext
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal
  readonly plan: SharePlan
  readonly flags: ShareFlags
  readonly cleanups: Cleanups
}

/** `share <port>`: register, connect, share, show the link and its visits, and take it all back at the end. */
export async function runShare(context: CommandContext, port: string, flags: ShareFlags): Promise<void> {
  const plan = planShare(port, flags, context.hostName)
  await refuseUnshareable(plan.target, {
    hubUrl: context.hub.hubUrl,
    isForced: flags.force === true,
    startHint: 'Start your app first, or add --force to share the port all the same.',
    hostHint: 'Check --host.',
  })
  const { signal } = context.listenForStop()
  const cleanups = createCleanups()
  try {
    await shareUntilEnd({ context, signal, plan, flags, cleanups })
  } catch (cause) {
    if (cause !== signal.reason) throw cause
  } finally {
    await cleanups.run()
  }
}

async function shareUntilEnd(sharing: Sharing): Promise<void> {
  const { context, plan, flags } = sharing
  const own = await registerPlanned(sharing)
  const tunnel = await connect(sharing, own)
  const share = await context.hub.createShare(own.service.id, plan.share)
  let reason: EndReason = 'stopped'
  // Before anything else can fail or be stopped: a link that exists is always taken back.
  sharing.cleanups.add(() => endShare(sharing, share, reason))
  context.presenter.shareOpened({
    share,
    service: own.service,
    agentId: own.identity.agentId,
    url: share.subdomainUrl ?? share.shareUrl,
    showsQr: flags.qr,
    keepsShare: flags.keep === true,
  })
  reason = await watch(sharing, share, tunnel)
}

async function registerPlanned({ context, plan, cleanups }: Sharing): Promise<OwnService> {
  const { hub, identities, hostName } = context
  const { protocol, isTrusted } = await detectProtocol(plan.target, plan.isHttps)
  if (!isTrusted && !isLoopbackHost(plan.target.host)) context.presenter.warn(untrustedWarning)
  const own = await registerOwnService(
    {
      hub,
      identities,
      hostName,
      randomEnd: randomBytes(2).toString('hex'),
      nameHint: 'Choose another one with --service-name.',
    },
    { name: plan.serviceName, targetHost: plan.target.host, targetPort: plan.target.port, protocol },
  )
  cleanups.add(() => identities.release(hub.hubUrl, own.identity.agentId))
  return own
}

const untrustedWarning =
  "The app's certificate does not verify (self-signed, expired or for another name). It is shared all the same: " +
  'whoever sits between this machine and the app could pretend to be it.'

/** The tunnel serves this one target and nothing else, whatever the hub asks for. */
async function connect({ context, signal, plan, cleanups }: Sharing, own: OwnService): Promise<OpenTunnel> {
  const { hub, identities, presenter } = context
  const { agentId, token } = own.identity
  const forget = (cause: unknown): Promise<void> | void => {
    if (cause instanceof AgentRefused) return identities.forget(hub.hubUrl, agentId)
  }
  try {
    const tunnel = await openTunnel({
      hubUrl: hub.hubUrl,
      proxyUrl: context.proxyUrl,
      token,
      targets: new Map([[own.service.id, plan.target]]),
      onStatus: (status) => presenter.tunnelChanged(status),
      signal,
    })
    tunnel.refused.catch(forget)
    cleanups.add(() => tunnel.close())
    return tunnel
  } catch (cause) {
    await forget(cause)
    throw cause
  }
}

/** Shows visitors and visits until the share ends; a refused tunnel ends it as a failure. */
async function watch(sharing: Sharing, share: CreatedShare, tunnel: OpenTunnel): Promise<EndReason> {
  const { hub, presenter } = sharing.context
  const ended = new AbortController()
  const signal = AbortSignal.any([sharing.signal, ended.signal])
  const feed = { hub, shareId: share.id, signal }
  const visits = watchVisits({ ...feed, onVisit: (entry) => presenter.visit(entry) })
  const arrivals = watchVisitors({ ...feed, onArrival: (visitor) => presenter.visitorCame(visitor) })
  try {
    return await Promise.race([waitForShareEnd({ hub, shareId: share.id, signal }), tunnel.refused])
  } finally {
    ended.abort()
    await Promise.all([visits, arrivals])
  }
}

async function endShare({ context, flags }: Sharing, share: CreatedShare, reason: EndReason): Promise<void> {
  const mustRevoke = reason === 'stopped' && flags.keep !== true
  if (mustRevoke) {
    await context.hub.revokeShare(share.id).catch((cause: unknown) => {
      throw cannotRevoke(share, cause)
    })
  }
  context.presenter.shareEnded({ shareId: share.id, reason, isRevoked: mustRevoke })
}

function cannotRevoke(share: CreatedShare, cause: unknown): Failure {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Failure('failed', `The link could not be revoked. ${why}`, {
    hint: `It leads nowhere while this command does not run. Revoke it later: npx private-connect revoke ${share.id}`,
    cause,
  })
}
