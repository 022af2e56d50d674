import { setTimeout as wait } from 'node:timers/promises'
import type { Mail } from '@private-connect/api'
import type { Logger } from '../logging.ts'
import type { MailTransport } from './mail-transport.ts'

export interface MailQueueOptions {
  readonly transport: MailTransport
  readonly log: Pick<Logger, 'warn'>
  /** After this a mail that names no time of its own is given up: its link has ended. Default 15 minutes. */
  readonly lifetimeMs?: number
  /** Before the second attempt; it doubles with each further one, up to a minute, or ten for what may wait. Default 1,000. */
  readonly retryDelayMs?: number
}

export interface MailQueue {
  /** Sends in the background; a failure is logged and tried again. */
  send(mail: Mail): void
  /** Whether the last attempt failed for a reason that is not its recipient's. */
  readonly isFailing: boolean
  /** Lets attempts that run finish within the time, and gives up those that wait for another. */
  close(graceMs?: number): Promise<void>
}

/**
 * Mails wait in memory: in the database they would be readable tokens, which are to exist as hashes only. A restart
 * loses what waits, and its owner asks again.
 */
export function createMailQueue(options: MailQueueOptions): MailQueue {
  const { transport, log, lifetimeMs: linkLifetimeMs = 15 * 60_000, retryDelayMs = 1000 } = options
  const state = { isFailing: false }
  const active = new Set<Promise<void>>()
  const closing = new AbortController()

  async function deliver(mail: Mail): Promise<void> {
    const { lifetimeMs = linkLifetimeMs } = mail
    const endMs = performance.now() + lifetimeMs
    for (let attempt = 1; ; attempt += 1) {
      if ((await tryOnce(mail, attempt)) !== 'failed') return
      const delayMs = Math.min(retryDelayMs * 2 ** (attempt - 1), longestDelayMs(lifetimeMs))
      if (performance.now() + delayMs > endMs) {
        return log.warn({ attempts: attempt }, 'a mail is given up: it is too late for it')
      }
      await wait(delayMs, undefined, { signal: closing.signal })
    }
  }

  async function tryOnce(mail: Mail, attempt: number): Promise<'sent' | 'refused' | 'failed'> {
    try {
      await transport.send(mail)
      state.isFailing = false
      return 'sent'
    } catch (error) {
      const failure = describeFailure(error as SmtpError)
      log.warn({ ...failure, attempt }, 'a mail could not be sent')
      if (isRecipientRefused(failure)) return 'refused'
      state.isFailing = true
      return 'failed'
    }
  }

  return {
    send(mail) {
      // Rejects only while closing, when a mail that waits is given up.
      const delivery = deliver(mail).catch(() => {})
      active.add(delivery)
      void delivery.finally(() => active.delete(delivery))
    },
    get isFailing() {
      return state.isFailing
    },
    async close(graceMs = 5000) {
      closing.abort()
      await Promise.race([Promise.allSettled(active), wait(graceMs, undefined, { ref: false })])
      transport.close()
    },
  }
}

const minuteMs = 60_000

/** What is worth sending for hours need not be tried every minute. */
function longestDelayMs(lifetimeMs: number): number {
  return lifetimeMs > 60 * minuteMs ? 10 * minuteMs : minuteMs
}

interface SmtpError {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
}

/** For the log, where neither the address nor the server's sentence, which repeats it, belongs. */
function describeFailure({ code, command, responseCode }: SmtpError): SmtpError {
  return {
    ...(code === undefined ? {} : { code }),
    ...(command === undefined ? {} : { command }),
    ...(responseCode === undefined ? {} : { responseCode }),
  }
}

/** A 5xx to RCPT TO: this address takes no mail, and that says nothing about the mail server. */
function isRecipientRefused({ command, responseCode = 0 }: SmtpError): boolean {
  return command === 'RCPT TO' && responseCode >= 500
}
