import { Failure } from '@private-connect/sharing'
import {
  desktopSchemas,
  type DesktopChannel,
  type DesktopInput,
  type DesktopOutput,
  type DesktopReply,
} from '@private-connect/ui/desktop'

export type IpcHandlers = {
  readonly [C in DesktopChannel]: (input: DesktopInput<C>) => DesktopOutput<C> | Promise<DesktopOutput<C>>
}

/** Who sent a message: the frame's address, and whether it is the window's own top frame. */
export interface IpcSender {
  readonly url: string
  readonly isMainFrame: boolean
}

export interface IpcCall<C extends DesktopChannel> {
  readonly channel: C
  readonly sender: IpcSender
  readonly args: readonly unknown[]
}

export interface IpcGate {
  readonly handlers: IpcHandlers
  readonly trustedOrigin: string
  readonly logError: (message: string, cause: unknown) => void
}

/** Checks sender and payload, runs the handler, checks what it answers. Never throws. */
export async function answerIpc<C extends DesktopChannel>(
  gate: IpcGate,
  call: IpcCall<C>,
): Promise<DesktopReply<C>> {
  if (!call.sender.isMainFrame || originOf(call.sender.url) !== gate.trustedOrigin) {
    return { ok: false, message: 'This page may not talk to the app.' }
  }
  const { input, output } = desktopSchemas[call.channel]
  const parsed = call.args.length > 1 ? null : input.safeParse(call.args[0])
  if (parsed?.success !== true) return { ok: false, message: 'The app does not understand that request.' }
  try {
    const value = await gate.handlers[call.channel](parsed.data)
    return { ok: true, value: output.parse(value) }
  } catch (cause) {
    return { ok: false, message: tell(gate, call.channel, cause) }
  }
}

/** A Failure's words are meant for people; anything else may name what they should not see, and goes to the log. */
function tell(gate: IpcGate, channel: DesktopChannel, cause: unknown): string {
  if (cause instanceof Failure)
    return cause.hint === undefined ? cause.message : `${cause.message} ${cause.hint}`
  gate.logError(`${channel} failed`, cause)
  return 'Something went wrong in the app.'
}

/** Scheme and host; `URL.origin` is "null" for schemes that Node does not know. */
export function originOf(url: string): string | null {
  const parsed = URL.parse(url)
  return parsed === null ? null : `${parsed.protocol}//${parsed.host}`
}
