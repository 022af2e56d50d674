import type { Goaway } from './goaway.ts'
import type { PeerHello } from './hello.ts'
import type { IncomingStream } from './incoming-stream.ts'

export interface MuxEvents {
  onHello(hello: PeerHello): void
  onGoaway(goaway: Goaway): void
  onOpen(incoming: IncomingStream): void
  /** Exactly once; no stream is left. */
  onClose(reason: string): void
}
