import { Check } from 'lucide-react'
import { Checkbox } from 'react-aria-components'

/** One box of a group. */
export function CheckMark({ value, text }: { readonly value: string; readonly text: string }) {
  return (
    <Checkbox className="checkbox" value={value}>
      <span className="checkbox-box">
        <Check aria-hidden size={14} />
      </span>
      {text}
    </Checkbox>
  )
}
