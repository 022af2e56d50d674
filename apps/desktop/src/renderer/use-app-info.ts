import { useEffect, useState } from 'react'
import type { DesktopBridge, IpcOutput } from '../shared/ipc.ts'

export type AppInfoState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly message: string }
  | { readonly status: 'ready'; readonly info: IpcOutput<'app:info'> }

/** Asks the main process once for the app's name and version. */
export function useAppInfo(bridge: DesktopBridge): AppInfoState {
  const [state, setState] = useState<AppInfoState>({ status: 'loading' })
  useEffect(() => {
    let isCurrent = true
    const show = (next: AppInfoState): void => {
      if (isCurrent) setState(next)
    }
    bridge.appInfo().then(
      (reply) =>
        show(
          reply.ok ? { status: 'ready', info: reply.value } : { status: 'failed', message: reply.message },
        ),
      () => show({ status: 'failed', message: 'The app did not answer. Quit it and start it again.' }),
    )
    return () => {
      isCurrent = false
    }
  }, [bridge])
  return state
}
