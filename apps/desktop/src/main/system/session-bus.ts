import { Message, sessionBus, Variant } from '@jellybrick/dbus-next'

export interface BusCall {
  readonly destination: string
  readonly path: string
  readonly interface: string
  readonly member: string
  /** D-Bus types of the body. */
  readonly signature?: string
  readonly body?: readonly unknown[]
}

export interface BusSignal {
  readonly interface: string
  readonly member: string
  readonly body: readonly unknown[]
}

/** The D-Bus session of a Linux desktop: what Electron does not offer of it. */
export interface SessionBus {
  /** Answers the reply's body; rejects where nobody answers in time. */
  call(call: BusCall): Promise<readonly unknown[]>
  /** Told of the signals of an interface; answers how to stop listening. */
  onSignal(interfaceName: string, listener: (signal: BusSignal) => void): Promise<() => void>
  close(): void
}

const answerMs = 2000

/** A value together with its D-Bus type, for bodies that take any. */
export function variant(signature: string, value: unknown): unknown {
  return new Variant(signature, value)
}

/** What a reply of type `v` holds. */
export function unwrap(value: unknown): unknown {
  return value instanceof Variant ? (value.value as unknown) : value
}

/** Never throws: where the session has no bus, each call rejects. */
export function connectSessionBus(busAddress: string): SessionBus {
  const bus = sessionBus({ busAddress })
  let failure: Error | null = null
  // Without a listener a lost bus would end the app. The library's types leave the event out.
  const events: NodeJS.EventEmitter = bus
  events.on('error', (cause: Error) => {
    failure = cause
  })

  async function call({ signature = '', body = [], ...target }: BusCall): Promise<readonly unknown[]> {
    const message = new Message({ ...target, signature, body: [...body] })
    const reply = await within(answerMs, failure === null ? bus.call(message) : Promise.reject(failure))
    return reply?.body ?? []
  }

  return {
    call,
    async onSignal(interfaceName, listener) {
      const hear = (message: Message) => {
        if (message.type !== signalType || message.interface !== interfaceName) return
        listener({ interface: interfaceName, member: message.member ?? '', body: message.body })
      }
      bus.on('message', hear)
      await call({ ...busItself, member: 'AddMatch', signature: 's', body: [matchRule(interfaceName)] })
      return () => bus.off('message', hear)
    },
    close: () => bus.disconnect(),
  }
}

const signalType = 4
const busItself = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
}

function matchRule(interfaceName: string): string {
  return `type='signal',interface='${interfaceName}'`
}

async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Nobody answered on the session bus.')), limitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
