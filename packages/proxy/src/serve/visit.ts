import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorCode } from '@private-connect/errors'
import { readVisitor, type Visitor } from './visitor/client-address.ts'
import type { CompiledGrant } from './compile-grant.ts'
import type { DatabaseDoor } from './database/database-door.ts'
import type { Redirect } from './http/redirect-navigation.ts'
import type { LiveShare } from './live/live-share.ts'
import type { ServePorts, ServeSettings } from './ports.ts'
import { newRequestId } from './request-id.ts'
import type { ShareLink } from './share-link.ts'
import { VisitorProgress } from './visitor/visitor-progress.ts'

export interface VisitStart {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly link: ShareLink
  readonly ports: ServePorts
  readonly settings: ServeSettings
}

/** What is being done for a visit and can be stopped, both sides of it. */
export interface VisitWork {
  /** Ends the upstream's side; the visitor's side is already gone or about to be. */
  stop(reason: Error): void
  /** Ends the visitor's side in the words of its protocol, soon; false where none fit. Asked after `stop`. */
  part?(reason: Error): boolean
}

/** One request on its way through the hub, from match to record. */
export class Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly link: ShareLink
  readonly ports: ServePorts
  readonly settings: ServeSettings
  readonly method: string
  readonly visitor: Visitor
  readonly startedMs = performance.now()
  readonly timestampMs: number
  redirect: Redirect | null = null
  /** Where a database answers in place of an app. */
  door: DatabaseDoor | null = null
  statusCode = 0
  bytesIn = 0
  bytesOut = 0
  denied: ErrorCode | null = null
  /** Once the visitor was given a mark. */
  visitorId: string | null = null
  /** The visitor has left or was cut, or the answer is complete. */
  isOver = false
  isRecorded = false
  work: VisitWork | null = null
  /** Among the open visits of its share; theirs to set. */
  place = -1
  #rules: CompiledGrant | null = null
  #live: LiveShare | null = null
  #requestId: string | null = null
  /** The answer loses its own reference once it is sent. */
  readonly #socket: Socket
  #progress: VisitorProgress | null = null

  constructor({ request, response, link, ports, settings }: VisitStart) {
    this.request = request
    this.response = response
    this.link = link
    this.ports = ports
    this.settings = settings
    this.#socket = request.socket
    this.method = request.method ?? ''
    this.visitor = readVisitor(request, settings)
    this.timestampMs = ports.nowMs()
  }

  /** Once the token has turned out to be a share's. */
  admit(rules: CompiledGrant, live: LiveShare): void {
    this.#rules = rules
    this.#live = live
  }

  get isKnown(): boolean {
    return this.#rules !== null
  }

  get rules(): CompiledGrant {
    if (this.#rules === null) throw new Error('The rules of a share are read before the share was found')
    return this.#rules
  }

  get live(): LiveShare {
    if (this.#live === null) throw new Error('A live share is used before the share was found')
    return this.#live
  }

  /** Ends the visitor's connection so that what was sent never looks complete: a plain close might. */
  resetConnection(): void {
    this.#socket.resetAndDestroy()
  }

  get host(): string {
    return this.request.headers.host ?? ''
  }

  /** Made when the first answer or log line needs it. */
  get requestId(): string {
    this.#requestId ??= newRequestId()
    return this.#requestId
  }

  /** How far the visitor's connection has come; watched from the first question on. */
  get progress(): VisitorProgress {
    this.#progress ??= new VisitorProgress(this.#socket)
    return this.#progress
  }

  /** The visitor's side is gone: stops the work and gives the stream back. Safe to call twice. */
  end(reason: Error): void {
    if (this.isOver) return
    this.isOver = true
    this.work?.stop(reason)
    this.#live?.release(this)
  }

  /** Ends both sides, now: the share was revoked, has expired or has other rules. */
  cut(reason: Error): void {
    this.end(reason)
    this.closeVisitor(reason)
  }

  /** The second half of a cut: an answer that has begun must not look complete, so it ends with a reset. */
  closeVisitor(reason: Error): void {
    if (this.#socket.destroyed || this.work?.part?.(reason) === true) return
    if (this.response.headersSent) this.#socket.resetAndDestroy()
    else this.#socket.destroy()
  }
}
