import { describe, expect, it, vi } from 'vitest'
import type { BusCall, BusSignal } from '../system/session-bus.ts'
import { createBusNotifier, writeBody } from './bus-notifier.ts'
import type { AppNotification } from './notifier.ts'

function createBus(capabilities: readonly string[]) {
  const calls: BusCall[] = []
  let hear: (signal: BusSignal) => void = () => undefined
  let isBroken = false
  let onNotify: (id: number) => void = () => undefined
  const bus = {
    call: (call: BusCall) => {
      calls.push(call)
      if (isBroken) return Promise.reject(new Error('gone'))
      if (call.member === 'Notify') onNotify(calls.length)
      return Promise.resolve(call.member === 'GetCapabilities' ? [capabilities] : [calls.length])
    },
    onSignal: (_name: string, listener: (signal: BusSignal) => void) => {
      hear = listener
      return Promise.resolve(() => undefined)
    },
  }
  return {
    bus,
    calls,
    tell: (member: string, ...body: unknown[]) =>
      hear({ interface: 'org.freedesktop.Notifications', member, body }),
    breakDown: () => (isBroken = true),
    onNotify: (listener: (id: number) => void) => (onNotify = listener),
  }
}

const otherwise = { show: vi.fn(), close: vi.fn() }
const aNotification = () => ({
  title: 'Somebody opened R&D',
  body: 'From <b>here</b> & now.',
  onClick: vi.fn(),
  actions: [{ text: 'Revoke', run: vi.fn() }],
})

async function show(capabilities: readonly string[], notification: AppNotification) {
  const session = createBus(capabilities)
  const notifier = createBusNotifier({ bus: session.bus, desktopName: 'app', otherwise })
  notifier.show(notification)
  await vi.waitFor(() => expect(session.calls.at(-1)?.member).toBe('Notify'), { timeout: 10_000 })
  const sent = session.calls.at(-1)
  await Promise.resolve()
  return { ...session, notifier, sent, id: session.calls.length }
}

describe('createBusNotifier', () => {
  it('shows buttons, and hears which is clicked', async () => {
    const notification = aNotification()
    const { sent, tell, id } = await show(['actions', 'body'], notification)
    expect(sent?.body?.slice(0, 6)).toEqual([
      'Private Connect',
      0,
      'app',
      'Somebody opened R&D',
      'From <b>here</b> & now.',
      ['default', 'Open', 'action-0', 'Revoke'],
    ])
    tell('ActionInvoked', id + 7, 'action-0')
    tell('ActionInvoked', id, 'action-9')
    tell('ActionInvoked', id, '')
    expect(notification.actions[0]?.run).not.toHaveBeenCalled()
    tell('ActionInvoked', id, 'action-0')
    expect(notification.actions[0]?.run).toHaveBeenCalledOnce()
    tell('ActionInvoked', id, 'default')
    expect(notification.onClick).toHaveBeenCalledOnce()
    tell('NotificationClosed', id, 2)
    tell('ActionInvoked', id, 'default')
    expect(notification.onClick).toHaveBeenCalledOnce()
  })

  it('hears a click that arrives together with the number of what was clicked', async () => {
    const { bus, tell, onNotify } = createBus(['actions'])
    onNotify((id) => tell('ActionInvoked', id, 'default'))
    const notification = aNotification()
    createBusNotifier({ bus, desktopName: 'app', otherwise }).show(notification)
    await vi.waitFor(() => expect(notification.onClick).toHaveBeenCalledOnce(), { timeout: 10_000 })
  })

  it('hears of the newest fifty, and no more of older ones', async () => {
    const oldest = aNotification()
    const { notifier, calls, tell, id } = await show(['actions'], oldest)
    const newer = Array.from({ length: 50 }, aNotification)
    for (const notification of newer) notifier.show(notification)
    await vi.waitFor(() => expect(calls.filter(({ member }) => member === 'Notify')).toHaveLength(51), {
      timeout: 10_000,
    })
    await Promise.resolve()
    tell('ActionInvoked', id, 'default')
    expect(oldest.onClick).not.toHaveBeenCalled()
    tell('ActionInvoked', id + 1, 'default')
    expect(newer[0]?.onClick).toHaveBeenCalledOnce()
  })

  it('sends no buttons and no markup where they are not understood', async () => {
    const { sent } = await show(['body', 'body-markup'], aNotification())
    expect(sent?.body?.slice(4, 6)).toEqual(['From &lt;b&gt;here&lt;/b&gt; &amp; now.', []])
  })

  it('leaves it to the other way where the bus does not answer', async () => {
    const { bus, breakDown } = createBus([])
    breakDown()
    const notification = aNotification()
    createBusNotifier({ bus, desktopName: 'app', otherwise }).show(notification)
    await vi.waitFor(() => expect(otherwise.show).toHaveBeenCalledWith(notification), { timeout: 10_000 })
  })
})

describe('writeBody', () => {
  it('makes text of what would be markup', () => {
    expect(writeBody('<a href="x">&</a>', ['body-markup'])).toBe('&lt;a href="x"&gt;&amp;&lt;/a&gt;')
    expect(writeBody('<a>', [])).toBe('<a>')
  })
})
