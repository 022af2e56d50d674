import type { DesktopShare } from '@private-connect/ui/desktop'
import { dialog } from 'electron'
import { writeQuestion } from './quit-question.ts'

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
