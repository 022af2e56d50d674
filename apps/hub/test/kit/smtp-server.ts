import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import PostalMime, { type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { vi } from 'vitest'

export interface ReceivedMail {
  readonly envelopeFrom: string
  readonly envelopeTo: readonly string[]
  readonly raw: string
  readonly mail: Email
  /** The link in its text. */
  readonly link: string
}

export interface SmtpServer {
  readonly port: number
  readonly url: string
  readonly received: ReceivedMail[]
  /** The next mail to this address that nobody has waited for yet. */
  waitForMail(to: string): Promise<ReceivedMail>
  close(): Promise<void>
}

export interface SmtpServerOptions {
  readonly port?: number
  readonly login?: { readonly user: string; readonly password: string }
  /** Recipients that are answered with 550. */
  readonly refused?: readonly string[]
}

/** A real mail server on this machine that keeps what it is handed. */
export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<SmtpServer> {
  const { port = 0, login, refused = [] } = options
  const received: ReceivedMail[] = []
  const server = new SMTPServer({
    authOptional: login === undefined,
    allowInsecureAuth: true,
    closeTimeout: 100,
    disabledCommands: login === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    onAuth({ username, password }, _session, callback) {
      if (username === login?.user && password === login?.password) callback(null, { user: username })
      else callback(Object.assign(new Error('no such login'), { responseCode: 535 }))
    },
    onRcptTo({ address }, _session, callback) {
      if (!refused.includes(address)) callback()
      else callback(Object.assign(new Error(`no mailbox ${address}`), { responseCode: 550 }))
    },
    onData(stream, { envelope }, accept) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.once('end', () => void keep(Buffer.concat(chunks), envelope).then(() => accept()))
    },
  })
  async function keep(raw: Buffer, { mailFrom, rcptTo }: SMTPServerSession['envelope']): Promise<void> {
    const mail = await PostalMime.parse(raw)
    received.push({
      envelopeFrom: mailFrom === false ? '' : mailFrom.address,
      envelopeTo: rcptTo.map(({ address }) => address),
      raw: raw.toString('latin1'),
      mail,
      link: /^https?:\/\/\S+$/m.exec(mail.text ?? '')?.[0] ?? '',
    })
  }
  server.on('error', () => {
    // A client that leaves early is what some tests are about.
  })
  const listening = server.listen(port, '127.0.0.1')
  if (!listening.listening) await once(listening, 'listening')
  const { port: actualPort } = listening.address() as AddressInfo
  const waited = new Set<ReceivedMail>()
  const credentials = login === undefined ? '' : `${login.user}:${login.password}@`
  return {
    port: actualPort,
    url: `smtp://${credentials}127.0.0.1:${actualPort}`,
    received,
    waitForMail: (to) =>
      vi.waitFor(
        () => {
          const found = received.find((one) => !waited.has(one) && one.envelopeTo.includes(to))
          if (found === undefined) throw new Error(`no mail to ${to}`)
          waited.add(found)
          return found
        },
        { timeout: 30_000, interval: 20 },
      ),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
