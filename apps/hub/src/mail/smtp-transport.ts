import { createTransport } from 'nodemailer'
import { isLoopbackName } from '../env-values.ts'
import { toMessage, type MailTransport, type Sender } from './mail-transport.ts'

export interface SmtpOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; the password is not to be logged. */
  readonly url: string
  readonly from: Sender
}

/**
 * Mails by SMTP. Links that sign in do not travel in clear: without smtps the server has to offer STARTTLS, unless it
 * is on this machine or the URL says `?requireTLS=false`.
 */
export function createSmtpTransport({ url, from }: SmtpOptions): MailTransport {
  const transport = createTransport({
    // What the URL's query says wins over what stands here.
    url,
    pool: true,
    maxConnections: 3,
    requireTLS: !isLoopbackName(new URL(url).hostname),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
  })
  return {
    async send(mail) {
      await transport.sendMail(toMessage(mail, from))
    },
    close: () => transport.close(),
  }
}
