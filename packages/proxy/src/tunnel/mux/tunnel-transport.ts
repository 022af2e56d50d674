export interface TransportSink {
  onData(chunk: Buffer): void
  /** Everything handed over has been taken by the system; more may be sent. */
  onDrain(): void
  /** Exactly once, when the connection is gone. */
  onClose(cause: string): void
}

/** What carries the frames: a raw socket or WebSocket messages. Both deliver a plain stream of bytes. */
export interface TunnelTransport {
  readonly kind: 'raw' | 'websocket'
  /** Begins to deliver; called once. */
  start(sink: TransportSink): void
  /** Sends in order, by reference. False when the system is slower: wait for `onDrain`. */
  send(parts: readonly Buffer[]): boolean
  /** Closes after what was sent has left. */
  end(): void
  destroy(): void
}
