import { z } from 'zod'

/**
 * Everything that the window may ask of the main process: channel → what it sends and what it gets.
 * Preload, main process and window derive their types from this table; both directions are validated in the main process.
 */
const ipcContract = {
  'app:info': {
    input: z.undefined(),
    output: z.strictObject({
      name: z.string(),
      /** Semantic version of this app. */
      version: z.string(),
      electronVersion: z.string(),
    }),
  },
} as const

type IpcContract = typeof ipcContract
export type IpcChannel = keyof IpcContract
export type IpcInput<C extends IpcChannel> = z.infer<IpcContract[C]['input']>
export type IpcOutput<C extends IpcChannel> = z.infer<IpcContract[C]['output']>

/** The same table with each row's types tied to its channel, for code that is generic over the channel. */
export const ipcSchemas: {
  readonly [C in IpcChannel]: {
    readonly input: z.ZodType<IpcInput<C>>
    readonly output: z.ZodType<IpcOutput<C>>
  }
} = ipcContract

/** What crosses the process boundary: an answer, or a sentence for the user. Exceptions do not cross it. */
export type IpcReply<C extends IpcChannel> =
  | { readonly ok: true; readonly value: IpcOutput<C> }
  | { readonly ok: false; readonly message: string }

/** The whole of what the preload script puts on the window. */
export interface DesktopBridge {
  readonly appInfo: () => Promise<IpcReply<'app:info'>>
}
