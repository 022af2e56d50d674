import type { Socket } from 'node:net'
import { toAppError } from '@private-connect/errors'
import { closeFrame, type FrameCursor } from './websocket-frames.ts'

/** For the frame to leave, and the visitor's own to come; within the promise that a cut is done after 100 ms. */
const farewellMs = 50
const policyViolation = 1008
const serviceRestart = 1012

/**
 * Tells the visitor of a WebSocket that is being cut why, where a frame can stand: 1008 `share_inactive`. Takes no more
 * of its bytes, and closes the connection in any case very soon. False when no frame fits: close the connection yourself.
 */
export function closeWebSocket(socket: Socket, sent: FrameCursor, why: Error): boolean {
  if (!sent.isBetweenFrames || !socket.writable) return false
  const { code } = toAppError(why)
  const timer = setTimeout(() => socket.destroy(), farewellMs)
  socket.once('close', () => clearTimeout(timer))
  // What the visitor still sends is read and forgotten: unread, it would turn the close into a reset, which can
  // overtake the frame.
  socket.unpipe()
  socket.resume()
  socket.once('end', () => socket.destroySoon())
  socket.end(
    closeFrame(code === 'hub.draining' ? serviceRestart : policyViolation, code.replaceAll('.', '_')),
  )
  return true
}
