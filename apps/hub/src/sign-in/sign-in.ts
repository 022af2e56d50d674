import { join } from 'node:path'
import type { SignInPorts } from '@private-connect/api'
import { createBackground } from './background.ts'
import type { Env } from '../env.ts'
import type { Logger } from '../logging.ts'
import { createDevelopmentTransport } from '../mail/development-transport.ts'
import { createMailQueue } from '../mail/mail-queue.ts'
import { createSmtpTransport } from '../mail/smtp-transport.ts'
import { mayRegister } from './registration.ts'
import { createSignInLimits } from './sign-in-limits.ts'

export interface SignIn {
  readonly ports: SignInPorts
  /** Flags for /health. */
  warnings(): string[]
  close(): Promise<void>
}

interface SignInOptions {
  readonly env: Env
  readonly log: Logger
  readonly nowMs: () => number
}

/** Mail, limits and what runs after answers: all that signing in needs of the hub. */
export function createSignIn({ env, log, nowMs }: SignInOptions): SignIn {
  const background = createBackground(log)
  const queue = createMailQueue({ transport: createTransport(env), log })
  const limits = createSignInLimits({
    nowMs,
    requestsPerMin: env.SIGN_IN_REQUESTS_PER_MIN,
    mailsPerRecipient: env.SIGN_IN_MAILS_PER_RECIPIENT,
    mailsPerAddress: env.SIGN_IN_MAILS_PER_ADDRESS,
    mailsMax: env.SIGN_IN_MAILS_MAX,
  })
  const isWithoutMail = env.SMTP_URL === undefined && !env.isEmbedded
  return {
    ports: {
      ...limits,
      mayRegister: (email) => mayRegister(env.REGISTRATION, email),
      sendMail: (mail) => queue.send(mail),
      runLater: (task) => background.runLater(task),
    },
    warnings: () => [
      ...(isWithoutMail ? ['mail_not_configured'] : []),
      ...(queue.isFailing ? ['mail_failing'] : []),
    ],
    async close() {
      await background.settle()
      await queue.close()
    },
  }
}

function createTransport({ SMTP_URL, MAIL_FROM, dataDir }: Env) {
  const from = MAIL_FROM ?? { name: 'Private Connect', address: 'private-connect@localhost' }
  if (SMTP_URL !== undefined) return createSmtpTransport({ url: SMTP_URL, from })
  return createDevelopmentTransport({
    folder: join(dataDir, 'mails'),
    from,
    print: (text) => process.stdout.write(text),
  })
}
