import { contextBridge, ipcRenderer } from 'electron'
import type { DesktopBridge, IpcChannel, IpcInput, IpcReply } from '../shared/ipc.ts'

function invoke<C extends IpcChannel>(channel: C, input: IpcInput<C>): Promise<IpcReply<C>> {
  return ipcRenderer.invoke(channel, input) as Promise<IpcReply<C>>
}

// Named calls only: handing out ipcRenderer itself would give the page every channel.
const bridge: DesktopBridge = {
  appInfo: () => invoke('app:info', undefined),
}

contextBridge.exposeInMainWorld('privateConnect', bridge)
