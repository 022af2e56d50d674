import { request as requestUpstream, ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { openStream } from '../dial/open-stream.ts'
import { speechOf } from '../dial/target-speech.ts'
import type { Visit, VisitWork } from '../visit.ts'
import { answerError } from './answer-error.ts'
import { classifyFailure } from './classify-failure.ts'
import { closeWebSocket } from './close-websocket.ts'
import { relayResponse } from './relay-response.ts'
import { buildRequestHeaders } from './request-headers.ts'
import { tellAnswered } from '../record/tell-answered.ts'
import { buildResponseHeaders } from './response-headers.ts'
import { FrameCursor } from './websocket-frames.ts'

/** The same as for any answer. */
const headBytesMax = 65_536
const headersMax = 200
const informationalMax = 8

/** The visitor's side of an upgrade: its socket, and what it sent behind its request. */
export interface UpgradeStart {
  readonly socket: Duplex
  readonly head: Buffer
}

/** The only protocol that is switched to; a request for any other (h2c) is served as the plain request that it also is. */
export function isWebSocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket'
}

/** Answers on a socket that node:http has given up, for everything but a 101; ends it after the answer. */
export function createUpgradeResponse(request: IncomingMessage, duplex: Duplex): ServerResponse {
  const socket = duplex as Socket
  const response = new ServerResponse(request)
  // A reset in any phase is an event, not the end of the process.
  socket.on('error', () => socket.destroy())
  response.shouldKeepAlive = false
  response.assignSocket(socket)
  response.on('finish', () => socket.destroySoon())
  return response
}

/** Dials a stream of its own for one WebSocket, repeats the handshake there, and joins both ends once it is accepted. */
export function forwardUpgrade(visit: Visit, start: UpgradeStart): void {
  const forward = new UpgradeForward(visit, start)
  visit.work = forward
  forward.dial().catch((error: unknown) => forward.fail(error))
}

class UpgradeForward implements VisitWork {
  readonly #visit: Visit
  readonly #socket: Socket
  readonly #head: Buffer
  readonly #abort = new AbortController()
  /** What went to the visitor behind the 101. */
  readonly #sent = new FrameCursor()
  #upstream: Duplex | null = null
  #handshakeTimer: NodeJS.Timeout | undefined
  /** The socket's counters when the streams were joined; negative before. */
  #readBefore = -1
  #writtenBefore = 0

  constructor(visit: Visit, { socket, head }: UpgradeStart) {
    this.#visit = visit
    this.#socket = socket as Socket
    this.#head = head
  }

  async dial(): Promise<void> {
    const { ports, rules, live } = this.#visit
    const { service } = rules.grant
    const options = { shareId: live.id, kind: 'upgrade', signal: this.#abort.signal } as const
    const stream = await openStream(ports.dial, service, options)
    stream.on('error', (error) => this.fail(error))
    this.#upstream = stream
    if (this.#visit.isOver || live.isCut) stream.destroy()
    else this.#handshake(stream)
  }

  fail(error: unknown): void {
    clearTimeout(this.#handshakeTimer)
    this.#upstream?.destroy()
    // Whoever ended the visit ends its visitor's side: a reset of a socket that is closing would leave it open for ever.
    if (this.#visit.isOver) return
    if (this.#readBefore < 0) speechOf(this.#visit.ports.dial).forget(this.#visit.rules.grant.service)
    if (this.#readBefore >= 0) this.#socket.resetAndDestroy()
    else answerError(this.#visit, classifyFailure(error))
  }

  stop(reason: Error): void {
    clearTimeout(this.#handshakeTimer)
    this.#abort.abort(reason)
    this.#upstream?.destroy()
    if (this.#readBefore < 0) return
    this.#visit.bytesIn = this.#socket.bytesRead - this.#readBefore
    this.#visit.bytesOut = this.#socket.bytesWritten - this.#writtenBefore
  }

  part(reason: Error): boolean {
    if (this.#readBefore < 0) return false
    this.#upstream?.unpipe(this.#socket)
    return closeWebSocket(this.#socket, this.#sent, reason)
  }

  #handshake(stream: Duplex): void {
    const visit = this.#visit
    const headers = [...buildRequestHeaders(visit, 'Upgrade'), 'Upgrade', 'websocket']
    const { method } = visit
    // node:http's own parser reads the answer, whatever it is; the stream is the dialled one.
    const request = requestUpstream({
      createConnection: () => stream,
      method,
      path: visit.link.target,
      headers,
      maxHeaderSize: headBytesMax,
    })
    request.on('error', (error) => this.fail(error))
    let informationalCount = 0
    request.on('information', () => {
      informationalCount += 1
      if (informationalCount > informationalMax) this.fail(new Error('Too many informational answers'))
    })
    request.on('response', (answer) => this.#take(answer, () => this.#relay(answer)))
    request.on('upgrade', (answer, upstream, head) => {
      this.#take(answer, () => this.#join(answer, upstream, head))
    })
    this.#handshakeTimer = setTimeout(() => {
      this.fail(Object.assign(new Error('No answer to the upgrade'), { code: 'ETIMEDOUT' }))
    }, visit.settings.headersTimeoutMs)
    request.end()
  }

  /** What is thrown in an event of the upstream's would end the process. */
  #take(answer: IncomingMessage, step: () => void): void {
    clearTimeout(this.#handshakeTimer)
    try {
      if (answer.rawHeaders.length > 2 * headersMax) throw new Error('Too many headers')
      step()
    } catch (error) {
      this.fail(error)
    }
  }

  #relay(answer: IncomingMessage): void {
    // A 101 that names no protocol comes here too.
    if ((answer.statusCode ?? 0) < 200)
      throw new Error('The answer to the upgrade has no status of an answer')
    relayResponse(this.#visit, answer, (error) => this.fail(error))
  }

  /** From here on the hub only moves bytes; closing either end closes the other. */
  #join(answer: IncomingMessage, upstream: Duplex, upstreamHead: Buffer): void {
    if (answer.headers.upgrade?.toLowerCase() !== 'websocket')
      throw new Error('Another protocol was switched to')
    const visit = this.#visit
    const socket = this.#socket
    visit.statusCode = answer.statusCode ?? 101
    socket.write(headOf(answer, visit), 'latin1')
    tellAnswered(visit)
    this.#readBefore = socket.bytesRead - this.#head.length
    this.#writtenBefore = socket.bytesWritten
    this.#sent.take(upstreamHead)
    if (upstreamHead.length > 0) socket.write(upstreamHead)
    if (this.#head.length > 0) upstream.write(this.#head)
    socket.setNoDelay(true)
    upstream.on('close', () => {
      // A visit that is being cut ends its visitor's side itself.
      if (visit.isOver) return
      if (upstream.errored === null) socket.destroySoon()
      else socket.resetAndDestroy()
    })
    upstream.on('data', (piece: Buffer) => this.#sent.take(piece))
    upstream.pipe(socket)
    socket.pipe(upstream)
  }
}

function headOf(answer: IncomingMessage, visit: Visit): string {
  const headers = buildResponseHeaders(answer.rawHeaders, visit)
  let text = `HTTP/1.1 ${answer.statusCode ?? 101} ${answer.statusMessage ?? ''}\r\n`
  text += `Connection: Upgrade\r\nUpgrade: ${answer.headers.upgrade ?? 'websocket'}\r\n`
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`
  return `${text}\r\n`
}
