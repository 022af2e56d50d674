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
  const hear = (signal: BusSignal): void => {
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
    const body = [
      'Private Connect',
      0,
      desktopName,
      notification.title,
      writeBody(notification.body, await capabilities),
      writeActions(notification, await capabilities),
      { 'desktop-entry': variant('s', desktopName), urgency: variant('y', 1) },
      // As long as the system likes.
      -1,
    ]
    const [id] = await bus.call({ ...service, member: 'Notify', signature: 'susssasa{sv}i', body })
    shown.set(Number(id), notification)
    for (const old of [...shown.keys()].slice(0, -keptMax)) shown.delete(old)
  }

  return {
    show: (notification) => {
      show(notification).catch(() => {
        capabilities = null
        otherwise.show(notification)
      })
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
