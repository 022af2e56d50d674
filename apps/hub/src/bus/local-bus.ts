import type { Logger } from '../logging.ts'
import type { BusTopic, EventBus } from './event-bus.ts'

/** The bus of a hub that is one process. Listeners are called before `publish` returns. */
export function createLocalBus(log: Pick<Logger, 'error'>): EventBus {
  const listeners = new Map<BusTopic, Set<(message: string) => void>>()
  return {
    publish(topic, message) {
      for (const listener of listeners.get(topic) ?? []) {
        try {
          listener(message)
        } catch (err) {
          log.error({ err, topic }, 'a listener on the bus failed')
        }
      }
    },
    subscribe(topic, listener) {
      // Its own, so that one function that listens twice is called twice.
      const own = (message: string) => listener(message)
      const heard = listeners.get(topic) ?? new Set()
      listeners.set(topic, heard.add(own))
      return () => void heard.delete(own)
    },
    async close() {
      listeners.clear()
    },
  }
}
