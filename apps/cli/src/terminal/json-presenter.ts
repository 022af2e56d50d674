import { exitCodes } from '../exit-codes.ts'
import { toJsonLine } from './escape-text.ts'
import type { Presenter, TextOutput } from './presenter.ts'

/** One JSON object per line on the standard output, each with `type`; the fields are the API's own. */
export function createJsonPresenter({ out }: TextOutput): Presenter {
  const emit = (type: string, fields: object): void => out(toJsonLine({ type, ...fields }))
  return {
    shareOpened: ({ share, service, agentId, url, keepsShare }) =>
      emit('share', {
        url,
        share,
        service: { id: service.id, name: service.name, protocol: service.protocol },
        target: { host: service.targetHost, port: service.targetPort },
        agentId,
        keepsShare,
      }),
    visitorCame: (visitor) => emit('visitor', { visitor }),
    visit: (entry) => emit('visit', { visit: entry }),
    tunnelChanged: (status) => emit('tunnel', { status }),
    shareEnded: (end) => emit('end', end),
    shares: (shares) => shares.forEach((share) => emit('listed', { share })),
    shareRevoked: (shareId) => emit('revoked', { shareId }),
    loginStarted: ({ userCode, verificationUri, verificationUriComplete }) =>
      emit('login', { userCode, verificationUri, verificationUriComplete }),
    loggedIn: (who) => emit('logged_in', who),
    loggedOut: () => emit('logged_out', {}),
    warn: (message) => emit('warning', { message }),
    failed: (failure) =>
      emit('error', {
        kind: failure.kind,
        exitCode: exitCodes[failure.kind],
        message: failure.message,
        hint: failure.hint,
      }),
  }
}
