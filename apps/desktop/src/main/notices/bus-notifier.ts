import { variant, type BusSignal, type SessionBus } from '../system/session-bus.ts'
import type { AppNotification, Notifier } from './notifier.ts'

const service = {
  destination: 'org.freedesktop.Notifications',
  path: '/org/freedesktop/Notifications',
  interface: 'org.freedesktop.Notifications',
}
const keptMax = 50

export interface BusNotifierOptions {
  readonly bus: Pick<SessionBus, 'call' | 'onSignal'>
  /** The name of the app's `.desktop` file, which tells the system its icon. */
  readonly desktopName: string
  /** Takes what the session bus does not. */
  readonly otherwise: Notifier
}

/** Linux: Electron's notifications have no buttons there, the desktop's own have. */
export function createBusNotifier({ bus, desktopName, otherwise }: BusNotifierOptions): Notifier {
  const shown = new Map<number, AppNotification>()
  /** Ends when the number of everything that was to be shown is known. */
  let underWay: Promise<unknown> = Promise.resolve()
  const hear = (signal: BusSignal): void => {
    if (shown.has(Number(signal.body[0]))) return respond(signal)
    // A busy app may read a click together with the answer that tells the number of what was clicked.
    void underWay.then(() => respond(signal))
  }
  const respond = (signal: BusSignal): void => {
    if (!answer(shown, signal)) return
    // Not every desktop takes away what was answered.
    bus
      .call({ ...service, member: 'CloseNotification', signature: 'u', body: [signal.body[0]] })
      .catch(() => undefined)
  }
  const answers = bus.onSignal(service.interface, hear).catch(() => null)
  let capabilities: Promise<readonly string[]> | null = null

  async function show(notification: AppNotification): Promise<void> {
    // First the ears: a click on what is shown must be heard.
    if ((await answers) === null) throw new Error('The session bus does not tell of clicks.')
    capabilities ??= readCapabilities(bus)
    const body = writeRequest(notification, desktopName, await capabilities)
    const [id] = await bus.call({ ...service, member: 'Notify', signature: 'susssasa{sv}i', body })
    shown.set(Number(id), notification)
    for (const old of [...shown.keys()].slice(0, -keptMax)) shown.delete(old)
  }

  return {
    show: (notification) => {
      const showing = show(notification).catch(() => {
        capabilities = null
        otherwise.show(notification)
      })
      underWay = Promise.allSettled([underWay, showing])
    },
    close: () => {
      shown.clear()
      void answers.then((stop) => stop?.())
      otherwise.close()
    },
  }
}

async function readCapabilities(bus: Pick<SessionBus, 'call'>): Promise<readonly string[]> {
  const [capabilities] = await bus.call({ ...service, member: 'GetCapabilities' })
  return Array.isArray(capabilities) ? capabilities.map(String) : []
}

function writeRequest(
  notification: AppNotification,
  desktopName: string,
  capabilities: readonly string[],
): readonly unknown[] {
  return [
    'Private Connect',
    0,
    desktopName,
    notification.title,
    writeBody(notification.body, capabilities),
    writeActions(notification, capabilities),
    { 'desktop-entry': variant('s', desktopName), urgency: variant('y', 1) },
    // As long as the system likes.
    -1,
  ]
}

/** `default` is a click on the notification itself. */
function writeActions({ actions }: AppNotification, capabilities: readonly string[]): readonly string[] {
  if (!capabilities.includes('actions')) return []
  return ['default', 'Open', ...actions.flatMap(({ text }, at) => [`action-${at}`, text])]
}

/** Names come from other people: what would be markup is text. */
export function writeBody(body: string, capabilities: readonly string[]): string {
  if (!capabilities.includes('body-markup')) return body
  return body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Whether somebody chose something. */
function answer(shown: Map<number, AppNotification>, { member, body }: BusSignal): boolean {
  const id = Number(body[0])
  const notification = shown.get(id)
  if (notification === undefined) return false
  if (member === 'NotificationClosed') shown.delete(id)
  if (member !== 'ActionInvoked') return false
  if (body[1] === 'default') notification.onClick()
  else notification.actions[Number(/^action-(\d+)$/.exec(String(body[1]))?.[1])]?.run()
  return true
}
