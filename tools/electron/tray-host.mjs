// A minimal StatusNotifier host: waits for a tray icon, prints its properties and menu as JSON lines, and clicks the item named in argv.
import dbus from 'dbus-next'

const { ACCESS_READ, Interface } = dbus.interface
const bus = dbus.sessionBus()
const wanted = process.argv[2]
const print = (event) => console.log(JSON.stringify(event))

class Watcher extends Interface {
  items = []
  get RegisteredStatusNotifierItems() {
    return this.items
  }
  get IsStatusNotifierHostRegistered() {
    return true
  }
  get ProtocolVersion() {
    return 0
  }
  RegisterStatusNotifierItem(service) {
    this.items.push(service)
    inspect(service).catch((error) => print({ error: error.message }))
  }
  RegisterStatusNotifierHost() {}
  StatusNotifierItemRegistered(service) {
    return service
  }
  StatusNotifierItemUnregistered(service) {
    return service
  }
  StatusNotifierHostRegistered() {}
}
Watcher.configureMembers({
  properties: {
    RegisteredStatusNotifierItems: { signature: 'as', access: ACCESS_READ },
    IsStatusNotifierHostRegistered: { signature: 'b', access: ACCESS_READ },
    ProtocolVersion: { signature: 'i', access: ACCESS_READ },
  },
  methods: {
    RegisterStatusNotifierItem: { inSignature: 's', outSignature: '' },
    RegisterStatusNotifierHost: { inSignature: 's', outSignature: '' },
  },
  signals: {
    StatusNotifierItemRegistered: { signature: 's' },
    StatusNotifierItemUnregistered: { signature: 's' },
    StatusNotifierHostRegistered: { signature: '' },
  },
})

async function call(destination, path, iface, member, signature, body) {
  const reply = await bus.call(
    new dbus.Message({ destination, path, interface: iface, member, signature, body }),
  )
  return reply.body
}

async function menuItems(service, menu, parent = 0) {
  const [, layout] = await call(service, menu, 'com.canonical.dbusmenu', 'GetLayout', 'iias', [
    parent,
    -1,
    [],
  ])
  const flatten = (node, path) => {
    const label = node[1].label?.value?.replaceAll('_', '') ?? ''
    const here = label ? [...path, label] : path
    const own = label ? [{ id: node[0], path: here, enabled: node[1].enabled?.value ?? true }] : []
    return [...own, ...node[2].flatMap((child) => flatten(child.value, here))]
  }
  return flatten(layout, [])
}

async function inspect(service) {
  await new Promise((done) => setTimeout(done, 1500))
  const [all] = await call(service, '/StatusNotifierItem', 'org.freedesktop.DBus.Properties', 'GetAll', 's', [
    'org.kde.StatusNotifierItem',
  ])
  const items = await menuItems(service, all.Menu.value)
  print({
    tray: service,
    status: all.Status?.value,
    tooltip: all.ToolTip?.value?.[2],
    menu: items.map((item) => item.path.join(' > ')),
  })
  if (!wanted) return
  const item = items.find(
    (candidate) => candidate.path.join(' > ') === wanted || candidate.path.at(-1) === wanted,
  )
  if (!item) return print({ error: `no menu item ${wanted}` })
  await call(service, all.Menu.value, 'com.canonical.dbusmenu', 'Event', 'isvu', [
    item.id,
    'clicked',
    new dbus.Variant('s', ''),
    0,
  ])
  print({ clicked: item.path.join(' > ') })
}

const watcher = new Watcher('org.kde.StatusNotifierWatcher')
await bus.requestName('org.kde.StatusNotifierWatcher')
bus.export('/StatusNotifierWatcher', watcher)
print({ ready: true })
setTimeout(() => process.exit(0), Number(process.env.TRAY_HOST_TTL_MS ?? 20_000))
