import type { App, Session, WebContents } from 'electron'

/** Every page of this app, present and future: it stays where it is, opens nothing and embeds nothing. */
export function lockDownContents(app: App): void {
  app.on('web-contents-created', (_event, contents) => lockDown(contents))
}

function lockDown(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
}

/** No camera, location, notification of the page's own, clipboard, USB … : the main process does what is needed. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}

/** Calls of the hub are forwarded with a credential, so only the window's own top frame may make them. */
export function guardApi(
  session: Session,
  { origin, path }: { readonly origin: string; readonly path: string },
): void {
  session.webRequest.onBeforeRequest({ urls: [`${origin}${path}*`] }, ({ frame, resourceType }, callback) => {
    const isOwn = frame !== null && frame !== undefined && frame.parent === null && frame.origin === origin
    callback({ cancel: !isOwn || resourceType !== 'xhr' })
  })
}
