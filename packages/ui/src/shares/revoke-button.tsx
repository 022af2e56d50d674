import { useState } from 'react'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/confirm.tsx'

interface RevokeButtonProps {
  /** Of the share. */
  readonly name: string
  readonly onRevoke: () => void
}

export const revokedNotice = 'Revoked. Whoever had it open is cut off.'

/** Asks first: nothing brings a revoked link back. */
export function RevokeButton({ name, onRevoke }: RevokeButtonProps) {
  const [isAsked, setIsAsked] = useState(false)
  return (
    <>
      <Button look="danger" onPress={() => setIsAsked(true)}>
        Revoke
      </Button>
      <Confirm
        title={`Revoke “${name}”?`}
        text="Visitors are cut off at once, and the link never works again."
        action="Revoke"
        isOpen={isAsked}
        onClose={() => setIsAsked(false)}
        onConfirm={onRevoke}
      />
    </>
  )
}
