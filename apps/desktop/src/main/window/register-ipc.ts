import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { desktopSchemas, type DesktopChannel } from '@private-connect/ui/desktop'
import { answerIpc, type IpcGate, type IpcSender } from './answer-ipc.ts'

/** What every channel of this app is called by; the preload script can name no other. */
const channelPrefix = 'private-connect:'

/** What the app tells its window without being asked. */
export const pushes = { state: `${channelPrefix}state`, navigate: `${channelPrefix}navigate` } as const

/** One handler per row of the contract; a channel that is not in it does not exist. */
export function registerIpc(ipcMain: Pick<IpcMain, 'handle'>, gate: IpcGate): void {
  for (const channel of Object.keys(desktopSchemas) as DesktopChannel[]) {
    ipcMain.handle(`${channelPrefix}${channel}`, (event, ...args: unknown[]) =>
      answerIpc(gate, { channel, sender: readSender(event), args }),
    )
  }
}

function readSender(event: IpcMainInvokeEvent): IpcSender {
  const frame = event.senderFrame
  // A frame that navigated away or was destroyed meanwhile is nobody.
  if (frame === null) return { url: '', isMainFrame: false }
  return { url: frame.url, isMainFrame: frame === event.sender.mainFrame }
}
