import { frameType } from './frame.ts'
import type { FrameWriter } from './frame-writer.ts'
import type { DecodedOpen } from './open-request.ts'
import { encodeCode, type RefusedCode } from './stream-codes.ts'
import type { TunnelStream } from './tunnel-stream.ts'

/** A stream that the peer opened and nobody has decided on yet. */
export interface IncomingStream {
  readonly request: DecodedOpen
  readonly stream: TunnelStream
  accept(): void
  refuse(code: RefusedCode): void
}

export function createIncoming(
  writer: FrameWriter,
  stream: TunnelStream,
  request: DecodedOpen,
): IncomingStream {
  return {
    request,
    stream,
    accept() {
      if (!stream.isClosed) writer.writeNumber(frameType.opened, stream.id, stream.grantFirst())
    },
    refuse(code) {
      if (stream.isClosed) return
      writer.writeControl(frameType.refused, stream.id, encodeCode(code))
      stream.close(null)
    },
  }
}
