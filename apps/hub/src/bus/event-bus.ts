/**
 * What is told on the bus. Messages say that something is there to be read, never what it is: whoever hears one reads
 * the store, and reads it at a slow interval too, since a message may be lost.
 *
 * - `events.appended`: events of a workspace were committed; the message is its id.
 */
export const busTopics = ['events.appended'] as const

export type BusTopic = (typeof busTopics)[number]

/** Tells all nodes of the hub, this one too. At most once; on this node always, before `publish` returns. */
export interface EventBus {
  publish(topic: BusTopic, message: string): void
  /** Answers how to stop. A listener that throws harms nobody else. */
  subscribe(topic: BusTopic, listener: (message: string) => void): () => void
  close(): Promise<void>
}
