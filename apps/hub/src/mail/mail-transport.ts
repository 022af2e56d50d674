import type { Mail } from '@private-connect/api'

/** One way to get mails out; `send` rejects when this attempt failed. */
export interface MailTransport {
  send(mail: Mail): Promise<void>
  close(): void
}

export interface Sender {
  /** Empty where only the address is known. */
  readonly name: string
  readonly address: string
}

/**
 * A mail as nodemailer takes it. The envelope is given and not parsed out of a header, so nothing in an address can
 * add a recipient; files and URLs are never read.
 */
export function toMessage(mail: Mail, from: Sender) {
  return {
    from,
    to: { name: '', address: mail.to },
    envelope: { from: from.address, to: [mail.to] },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
