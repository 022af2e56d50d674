import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf, success } from './page.ts'

export const session = z
  .object({
    id: idOf('sid'),
    kind: z.enum(['browser', 'device']).meta({ description: 'A browser, or a desktop app or command line.' }),
    ipAddress: z.string().nullable().meta({ description: 'Where the sign-in came from.' }),
    userAgent: z.string().nullable(),
    createdAt: isoTime,
    lastSeenAt: isoTime.meta({ description: 'Its last use, to the minute.' }),
    expiresAt: isoTime.meta({
      description: '30 days after its last use, at most 90 days after the sign-in.',
    }),
    isCurrent: z.boolean().meta({ description: 'Whether this is the session that asks.' }),
  })
  .meta({ id: 'Session' })

export const sessionIdInput = z.strictObject({ id: idOf('sid') })
export const listSessionsInput = pageInput
export const listSessionsOutput = pageOf(session)
export const endOtherSessionsOutput = success.extend({ endedCount: z.int() })

export type Session = z.infer<typeof session>
