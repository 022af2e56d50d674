import type { DesktopBridge, DesktopChannel, DesktopOutput, DesktopRequest } from './desktop-contract.ts'

/** Asks the app around the screens; rejects with a DesktopFailure. */
export type CallDesktop = <C extends DesktopChannel>(
  channel: C,
  input?: DesktopRequest<C>,
) => Promise<DesktopOutput<C>>

/** The app could not do what it was asked; the message is for the person. */
export class DesktopFailure extends Error {
  override readonly name = 'DesktopFailure'

  static sentenceOf(error: unknown): string {
    if (error instanceof DesktopFailure) return error.message
    return 'The app did not answer. Quit it and start it again.'
  }
}

export function callDesktop(bridge: DesktopBridge): CallDesktop {
  return async (channel, input) => {
    const reply = await bridge.call(channel, input)
    if (!reply.ok) throw new DesktopFailure(reply.message)
    return reply.value
  }
}
