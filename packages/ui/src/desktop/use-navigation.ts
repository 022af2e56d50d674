import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { useDesktop } from './desktop-context.tsx'

/** Goes where the menu, a notification or a link of the system asks for. */
export function useAskedNavigation(): void {
  const desktop = useDesktop()
  const onNavigate = desktop?.onNavigate
  const [, navigate] = useLocation()
  useEffect(() => onNavigate?.((path) => navigate(path)), [onNavigate, navigate])
}
