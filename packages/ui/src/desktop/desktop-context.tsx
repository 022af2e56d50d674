import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { Button } from '../components/button.tsx'
import { callDesktop, DesktopFailure, type CallDesktop } from './call-desktop.ts'
import type { DesktopBridge, DesktopState } from './desktop-contract.ts'

/** The desktop app around the screens: its state as it is now, and what it can be asked. */
export interface Desktop {
  readonly state: DesktopState
  readonly call: CallDesktop
  readonly onNavigate: DesktopBridge['onNavigate']
}

const DesktopContext = createContext<Desktop | null>(null)

/** The desktop app around the screens; null in a browser. */
export function useDesktop(): Desktop | null {
  return useContext(DesktopContext)
}

/** The same for screens that exist only in the desktop app. */
export function useOwnDesktop(): Desktop {
  const desktop = useDesktop()
  if (desktop === null) throw new Error('A screen of the desktop app is used in a browser.')
  return desktop
}

interface DesktopProviderProps {
  /** Undefined in a browser. */
  readonly bridge: DesktopBridge | undefined
  readonly children: ReactNode
}

export function DesktopProvider({ bridge, children }: DesktopProviderProps) {
  const [attempt, setAttempt] = useState(0)
  if (bridge === undefined) return children
  return (
    <LiveDesktop key={attempt} bridge={bridge} onRetry={() => setAttempt(attempt + 1)}>
      {children}
    </LiveDesktop>
  )
}

interface LiveDesktopProps {
  readonly bridge: DesktopBridge
  readonly onRetry: () => void
  readonly children: ReactNode
}

function LiveDesktop({ bridge, onRetry, children }: LiveDesktopProps) {
  const call = useMemo(() => callDesktop(bridge), [bridge])
  const { state, failure } = useLiveState(bridge, call)
  const desktop = useMemo(
    () => (state === null ? null : { state, call, onNavigate: bridge.onNavigate }),
    [state, call, bridge],
  )
  if (desktop !== null) return <DesktopContext value={desktop}>{children}</DesktopContext>
  if (failure === null) return <p className="state soft">Opening …</p>
  return (
    <div className="state" role="alert">
      <p>{failure}</p>
      <Button onPress={onRetry}>Try again</Button>
    </div>
  )
}

/** The state as it was asked for once, and then as the app pushes it. */
function useLiveState(bridge: DesktopBridge, call: CallDesktop) {
  const [state, setState] = useState<DesktopState | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    let isOutdated = false
    const stop = bridge.onState((pushed) => {
      isOutdated = true
      setState(pushed)
    })
    call('desktop:state').then(
      (asked) => (isOutdated ? undefined : setState(asked)),
      (error: unknown) => setFailure(DesktopFailure.sentenceOf(error)),
    )
    return () => {
      isOutdated = true
      stop()
    }
  }, [bridge, call])
  return { state, failure }
}
