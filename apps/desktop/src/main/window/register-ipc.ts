import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { ipcSchemas, type IpcChannel } from '../../shared/ipc.ts'
import { answerIpc, type IpcGate, type IpcSender } from './answer-ipc.ts'

/** One handler per row of the contract; a channel that is not in it does not exist. */
export function registerIpc(ipcMain: IpcMain, gate: IpcGate): void {
  for (const channel of Object.keys(ipcSchemas) as IpcChannel[]) {
    ipcMain.handle(channel, (event, ...args: unknown[]) =>
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
