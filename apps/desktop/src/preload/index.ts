import { contextBridge, ipcRenderer } from 'electron'
import type { DesktopBridge, DesktopState } from '@private-connect/ui/desktop'
import { holdLast } from './hold-last.ts'

const prefix = 'private-connect:'
const states = holdLast<DesktopState>()
const paths = holdLast<string>()

ipcRenderer.on(`${prefix}state`, (_event, state: DesktopState) => states.push(state))
ipcRenderer.on(`${prefix}navigate`, (_event, path: string) => paths.push(path))

// The prefix is put here, and ipcRenderer is not handed out: the page reaches no channel but the contract's.
const bridge: DesktopBridge = {
  call: (channel, input) => ipcRenderer.invoke(`${prefix}${channel}`, input),
  onState: (listener) => states.listen(listener),
  onNavigate: (listener) => paths.listen(listener),
}

contextBridge.exposeInMainWorld('privateConnect', bridge)
