import type { Mail } from './mails/mail.ts'

/** What signing in by mail needs from the hub. */
export interface SignInPorts {
  /** Counts a sign-in request of an address; throws `request.rate_limited`. */
  checkRate(ipAddress: string): void | Promise<void>
  /** Counts a mail; false when the recipient, the address that asks or the hub has had too many. */
  mayMail(wanted: MailWanted): boolean | Promise<boolean>
  /** Whether an address without an account may make one. */
  mayRegister(email: string): boolean
  /** Hands a mail over for sending, now and again until it is too late. Never throws. */
  sendMail(mail: Mail): void
  /** Runs a task after the answer has left; the hub logs its failure. */
  runLater(task: () => Promise<void>): void
}

export interface MailWanted {
  readonly email: string
  readonly ipAddress: string
}
