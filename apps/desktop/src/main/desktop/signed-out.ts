import type { DesktopState } from '@private-connect/ui/desktop'

export type SignInEnd = NonNullable<Extract<DesktopState['account'], { kind: 'signed-out' }>['ended']>

/** What is shown while nobody is signed in, with the reason where the person should be told. */
export function signedOut(
  ended?: SignInEnd,
): Pick<DesktopState, 'account' | 'connection' | 'shares' | 'trouble'> {
  return {
    account: { kind: 'signed-out', ...(ended === undefined ? {} : { ended }) },
    connection: 'offline',
    shares: [],
    trouble: null,
  }
}
