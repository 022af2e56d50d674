import { Message, sessionBus, Variant, type MessageBus } from '@jellybrick/dbus-next'

const itemInterface = 'org.kde.StatusNotifierItem'
const menuInterface = 'com.canonical.dbusmenu'

/** A line of the tray's menu, by the labels on the way to it. */
export interface MenuItem {
  readonly id: number
  readonly path: readonly string[]
  readonly isEnabled: boolean
}

/** The tray of a desktop, as far as an app needs it: icons register there, their menus can be read and clicked. */
export interface TrayMenu {
  /** Resolves once so many icons were shown, those that are gone again among them. */
  waitForIcon(count?: number): Promise<void>
  toolTip(): Promise<string>
  items(): Promise<readonly MenuItem[]>
  /** Clicks the first item whose labels match, the last of them being its own; throws where there is none. */
  click(...labels: readonly (string | RegExp)[]): Promise<void>
  close(): void
}

/** What desktops answer where apps ask for a tray. (The library's own way to export properties loses them.) */
function watch(bus: MessageBus, services: string[], registered: () => void): (message: Message) => boolean {
  const properties: Readonly<Record<string, Variant>> = {
    RegisteredStatusNotifierItems: new Variant('as', services),
    IsStatusNotifierHostRegistered: new Variant('b', true),
    ProtocolVersion: new Variant('i', 0),
  }
  const answers: Readonly<Record<string, (body: readonly unknown[]) => [string, unknown[]]>> = {
    Get: ([, name]) => ['v', [properties[String(name)]]],
    GetAll: () => ['a{sv}', [properties]],
    RegisterStatusNotifierHost: () => ['', []],
    RegisterStatusNotifierItem: ([service]) => {
      services.push(String(service))
      registered()
      return ['', []]
    },
  }
  return (message) => {
    const answer = message.path === '/StatusNotifierWatcher' ? answers[message.member ?? ''] : undefined
    if (answer === undefined) return false
    bus.send(Message.newMethodReturn(message, ...answer(message.body)))
    return true
  }
}

/** Becomes the tray of the session; there can be one in each. */
export async function openTrayMenu(busAddress: string): Promise<TrayMenu> {
  const bus = sessionBus({ busAddress })
  const services: string[] = []
  const waiting = new Set<() => void>()
  bus.addMethodHandler(watch(bus, services, () => waiting.forEach((check) => check())))
  await bus.requestName('org.kde.StatusNotifierWatcher', 0)
  const properties = async (): Promise<Record<string, Variant>> => {
    const [all] = await call(bus, {
      destination: services.at(-1) ?? '',
      path: '/StatusNotifierItem',
      interface: 'org.freedesktop.DBus.Properties',
      member: 'GetAll',
      signature: 's',
      body: [itemInterface],
    })
    return all as Record<string, Variant>
  }
  const menuCall = async (member: string, signature: string, body: unknown[]): Promise<unknown[]> => {
    const path = (await properties())['Menu']?.value as string
    const destination = services.at(-1) ?? ''
    return call(bus, { destination, path, interface: menuInterface, member, signature, body })
  }
  const items = async (): Promise<readonly MenuItem[]> => {
    const [, layout] = await menuCall('GetLayout', 'iias', [0, -1, []])
    return flatten(layout as LayoutNode, [])
  }
  return {
    waitForIcon: (count = 1) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (services.length < count) return
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
    toolTip: async () =>
      ((await properties())['ToolTip'] as Variant<[string, unknown[], string]> | undefined)?.value[2] ?? '',
    items,
    async click(...labels) {
      const all = await items()
      const found = all.find((item) => item.isEnabled && matches(item.path, labels))
      if (found === undefined) throw new Error(`no ${labels.join(' > ')} in\n${describe(all)}`)
      await menuCall('Event', 'isvu', [found.id, 'clicked', new Variant('s', ''), 0])
    },
    close: () => bus.disconnect(),
  }
}

type LayoutNode = readonly [number, Record<string, Variant>, readonly Variant<LayoutNode>[]]

function flatten(node: LayoutNode, path: readonly string[]): MenuItem[] {
  const [id, properties, children] = node
  // An underscore marks the key that chooses the item; two of them are one to be seen.
  const label = ((properties['label']?.value ?? '') as string).replaceAll(/_(.)/g, '$1')
  const here = label === '' ? path : [...path, label]
  const own = label === '' ? [] : [{ id, path: here, isEnabled: properties['enabled']?.value !== false }]
  return [...own, ...children.flatMap((child) => flatten(child.value, here))]
}

/** The labels in their order, the last being the item's own. */
function matches(path: readonly string[], labels: readonly (string | RegExp)[]): boolean {
  const fits = (text: string | undefined, label: string | RegExp | undefined): boolean =>
    typeof label === 'string' ? text === label : label?.test(text ?? '') === true
  if (!fits(path.at(-1), labels.at(-1))) return false
  let next = 0
  for (const text of path) if (next < labels.length && fits(text, labels[next])) next += 1
  return next === labels.length
}

function describe(items: readonly MenuItem[]): string {
  return items.map((item) => item.path.join(' > ')).join('\n')
}

async function call(bus: MessageBus, message: ConstructorParameters<typeof Message>[0]): Promise<unknown[]> {
  const reply = await bus.call(new Message(message))
  return reply?.body ?? []
}
