import type { DesktopShare } from '@private-connect/ui/desktop'
import { writeName } from './label.ts'

/** What quitting would end, in words. */
export function writeQuestion(shares: readonly DesktopShare[]) {
  const [first] = shares
  const what =
    shares.length === 1 && first !== undefined ? `${writeName(first.name)} is` : `${shares.length} ports are`
  return {
    message: 'Quit Private Connect?',
    detail: `${what} still shared. Nobody can open the links until the app runs again.`,
    buttons: ['Quit', 'Stay'],
  }
}
