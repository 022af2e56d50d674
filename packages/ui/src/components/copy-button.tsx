import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useDesktop } from '../desktop/desktop-context.tsx'
import { Button } from './button.tsx'

const shownMs = 1_500

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const desktop = useDesktop()
  const [isCopied, setIsCopied] = useState(false)
  const copy = async (): Promise<void> => {
    // A page of the desktop app may not use the clipboard by itself.
    await (desktop === null ? navigator.clipboard.writeText(text) : desktop.call('clipboard:write', { text }))
    setIsCopied(true)
    setTimeout(() => setIsCopied(false), shownMs)
  }
  return (
    <Button onPress={() => void copy()}>
      {isCopied ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
      <span aria-live="polite">{isCopied ? 'Copied' : label}</span>
    </Button>
  )
}
