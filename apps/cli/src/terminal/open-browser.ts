import { spawn } from 'node:child_process'

const openers: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Opens a page in the user's browser, if there is one; the address is printed anyway. Only http and https. */
export function openBrowser(url: string, platform: NodeJS.Platform = process.platform): void {
  const opener = openers[platform]
  if (opener === undefined || !/^https?:\/\/[^\s"'`\\]+$/.test(url)) return
  const [command, ...args] = opener
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true })
  // Not installed, as on a server: the user has the address.
  child.on('error', () => undefined)
  child.unref()
}
