import { useAction } from '../hub/use-action.ts'
import type { DesktopChannel, DesktopOutput, DesktopRequest } from './desktop-contract.ts'
import { useOwnDesktop } from './desktop-context.tsx'

interface DesktopActionOptions<C extends DesktopChannel> {
  /** Lists of the hub that the action changes. */
  readonly changes?: readonly string[]
  /** May answer a sentence for the person. */
  readonly done?: (output: DesktopOutput<C>, input: DesktopRequest<C>) => string | void
  /** The caller shows what failed, beside the field that it belongs to. */
  readonly isFailureShown?: boolean
}

/** Something that a person has the app around the screens do. */
export function useDesktopAction<C extends DesktopChannel>(
  channel: C,
  { changes = [], isFailureShown = false, done }: DesktopActionOptions<C> = {},
) {
  const { call } = useOwnDesktop()
  return useAction<DesktopOutput<C>, DesktopRequest<C>>({
    changes,
    isFailureShown,
    run: async (input) => call(channel, input),
    ...(done !== undefined && { done }),
  })
}
