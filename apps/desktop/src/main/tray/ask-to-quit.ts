import type { DesktopShare } from '@private-connect/ui/desktop'
import { dialog } from 'electron'
import { writeName } from './label.ts'

/** Asks where somebody would lose a link by it; true: quit. */
export async function askToQuit(shares: readonly DesktopShare[]): Promise<boolean> {
  if (shares.length === 0) return true
  const { response } = await dialog.showMessageBox({
    type: 'question',
    ...writeQuestion(shares),
    defaultId: 0,
    cancelId: 1,
  })
  return response === 0
}

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
