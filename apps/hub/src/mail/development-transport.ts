import { mkdir, readdir, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mail } from '@private-connect/api'
import { createTransport } from 'nodemailer'
import { toMessage, type MailTransport, type Sender } from './mail-transport.ts'

export interface DevelopmentOptions {
  /** Where mails are kept, for their owner's eyes only. */
  readonly folder: string
  readonly from: Sender
  /** The hub's terminal, which is no log. */
  readonly print: (text: string) => void
}

const keptMax = 100

/** For a hub without a mail server: the mail lands in a folder, and its link on the hub's terminal. */
export function createDevelopmentTransport({ folder, from, print }: DevelopmentOptions): MailTransport {
  const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    async send(mail) {
      const { message, messageId } = await composer.sendMail(toMessage(mail, from))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const unique = messageId.replaceAll(/[^\da-z]/gi, '').slice(0, 12)
      const file = join(folder, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${unique}.eml`)
      await writeFile(file, message, { mode: 0o600, flag: 'wx' })
      print(describe(mail, file))
      await forgetOldest(folder)
    },
    close: () => {},
  }
}

function describe({ to, subject, text }: Mail, file: string): string {
  const link = /^https?:\/\/\S+$/m.exec(text)?.[0] ?? ''
  return `\nMail to ${to}: ${subject}\n\n  ${link}\n\nNo SMTP_URL is set, so the mail is kept in ${file}\n\n`
}

/** File names begin with the time, so the first ones are the oldest. */
async function forgetOldest(folder: string): Promise<void> {
  const mails = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort()
  for (const name of mails.slice(0, -keptMax)) await unlink(join(folder, name))
}
