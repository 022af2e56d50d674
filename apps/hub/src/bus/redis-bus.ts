import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Logger } from '../logging.ts'
import { busTopics, type BusTopic, type EventBus } from './event-bus.ts'
import { createLocalBus } from './local-bus.ts'

const channelStart = 'private-connect:'
const retryMsMax = 2_000
/** A Redis that takes messages and answers none must not fill this node's memory with them. */
const unansweredMax = 1_000

/**
 * The bus of several hub nodes. On this node messages go past Redis, so that it does not hold anything up when it is
 * away; the others miss what is told meanwhile, and find it in the store.
 */
export function createRedisBus(url: string, log: Pick<Logger, 'warn' | 'error'>): EventBus {
  const nodeId = randomUUID()
  const local = createLocalBus(log)
  const options = {
    // A message that waits for Redis is old when it arrives.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    retryStrategy: (times: number) => Math.min(times * 50, retryMsMax),
  }
  const out = new Redis(url, options)
  // This one waits: it subscribes once it is connected, and again each time.
  const heard = new Redis(url, { ...options, enableOfflineQueue: true, maxRetriesPerRequest: null })
  const warn = (err: Error) => log.warn({ err: { message: err.message } }, 'Redis is away, will retry')
  out.on('error', warn)
  heard.on('error', warn)
  heard.subscribe(...busTopics.map((topic) => channelStart + topic)).catch(warn)
  heard.on('message', (channel: string, text: string) => {
    const topic = busTopics.find((one) => channel === channelStart + one)
    const at = text.indexOf(' ')
    if (topic === undefined || at < 0 || text.slice(0, at) === nodeId) return
    local.publish(topic, text.slice(at + 1))
  })
  let unansweredCount = 0
  return {
    publish(topic: BusTopic, message) {
      local.publish(topic, message)
      if (out.status !== 'ready' || unansweredCount >= unansweredMax) return
      unansweredCount += 1
      out
        .publish(channelStart + topic, `${nodeId} ${message}`)
        .catch(warn)
        .finally(() => (unansweredCount -= 1))
    },
    subscribe: (topic, listener) => local.subscribe(topic, listener),
    async close() {
      await local.close()
      out.disconnect()
      heard.disconnect()
    },
  }
}
