import { ChevronRight } from 'lucide-react'
import { Button } from 'react-aria-components'

/** What folds a part of a form away. */
export function DisclosureTrigger({ children }: { readonly children: string }) {
  return (
    <Button slot="trigger" className="button button-quiet">
      <ChevronRight aria-hidden size={16} /> {children}
    </Button>
  )
}
