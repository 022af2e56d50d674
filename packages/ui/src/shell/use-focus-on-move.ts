import { useEffect, useRef, type RefObject } from 'react'

/**
 * Another screen: whoever reads with the ears or the keyboard begins at its top, as after a page load. The screen that the window
 * opens with is left alone.
 */
export function useFocusOnMove(path: string): RefObject<HTMLElement | null> {
  const content = useRef<HTMLElement>(null)
  const seen = useRef(path)
  useEffect(() => {
    if (seen.current === path) return
    seen.current = path
    content.current?.focus()
    scrollTo(0, 0)
  }, [path])
  return content
}
