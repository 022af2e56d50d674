import { z } from 'zod'
import { user, workspaceName } from './auth.ts'
import { isoTime } from './id.ts'
import { lineOfText } from './text.ts'

export const createDeviceCodeInput = z.strictObject({
  clientName: lineOfText(100).meta({
    description: 'What asks, as the approval page shows it.',
    examples: ['private-connect on build-laptop'],
  }),
})
export const createDeviceCodeOutput = z.object({
  deviceCode: z.string().meta({ description: 'For polling; a secret of the device.' }),
  userCode: z
    .string()
    .meta({ description: 'For the user to compare, or to type in.', examples: ['BCDF-GHJK'] }),
  verificationUri: z.string(),
  verificationUriComplete: z.string().meta({ description: 'The same page with the code filled in.' }),
  expiresIn: z.int().meta({ description: 'Seconds until both codes end.' }),
  interval: z.int().meta({ description: 'Seconds to wait between two polls.' }),
})

export const pollDeviceTokenInput = z.strictObject({
  // Any text: what is not a code of ours is answered like one that has ended.
  deviceCode: z
    .string({ error: 'Must be the deviceCode that was answered' })
    .max(256, 'Must have at most 256 characters'),
})
export const pollDeviceTokenOutput = z.object({
  success: z.literal(true),
  token: z.string().meta({ description: 'A session, to be sent as Bearer. Shown this once.' }),
  expiresAt: isoTime.meta({ description: 'When it ends unless it is used.' }),
  user,
  workspace: workspaceName,
})

export const verifyDeviceInput = z.strictObject({
  userCode: z
    .string({ error: 'Must be the code that the device shows' })
    .max(32, 'Must have at most 32 characters')
    .meta({ description: 'Upper and lower case, spaces and hyphens make no difference.' }),
  decision: z
    .enum(['approve', 'deny'], { error: 'Must be approve or deny' })
    .optional()
    .meta({ description: 'Left out, nothing is decided and the answer says who asks.' }),
})
export const verifyDeviceOutput = z.object({
  success: z.literal(true),
  device: z.object({
    clientName: z.string(),
    ipAddress: z.string().nullable().meta({ description: 'Where the device asked from.' }),
    createdAt: isoTime,
    expiresAt: isoTime,
  }),
})
