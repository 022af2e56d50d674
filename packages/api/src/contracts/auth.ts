import { z } from 'zod'
import { emailAddress } from './email.ts'
import { hubPath } from './hub-path.ts'
import { idOf } from './id.ts'
import { lineOfText } from './text.ts'

export const user = z.object({ id: idOf('user'), email: z.string() }).meta({ id: 'User' })
export const workspaceName = z.object({ id: idOf('ws'), name: z.string() }).meta({ id: 'WorkspaceName' })

const redirect = hubPath
  .optional()
  .meta({ description: 'Where the hub page leads to after the sign-in: a path on the hub.' })
export const loginInput = z.strictObject({ email: emailAddress, redirect })
export const registerInput = z.strictObject({
  email: emailAddress,
  workspaceName: lineOfText(50, 2),
  redirect,
})
export const mailSentOutput = z.object({ success: z.literal(true), message: z.string() })

export const linkTokenInput = z.strictObject({
  // Any text: what is not a token of ours is an unknown link, answered like a used one.
  token: z
    .string({ error: 'Must be the token of a sign-in link' })
    .max(256, 'Must have at most 256 characters')
    .meta({ description: 'The token of a sign-in link.' }),
})
export const inspectLinkOutput = z.object({
  email: z.string().meta({ description: 'The account that the link signs in to.' }),
  isNewAccount: z.boolean().meta({ description: 'Whether the link was asked for to create the account.' }),
  isSameBrowser: z.boolean().meta({
    description: 'Whether the link was asked for in this browser. Anywhere else a person has to agree first.',
  }),
})
export const verifyOutput = z.object({
  success: z.literal(true),
  user,
  workspace: workspaceName,
  isNewUser: z.boolean(),
})

export const emptyInput = z.strictObject({})
export const meOutput = z.object({
  user: user.nullable().meta({ description: 'Null when an API key is used: it belongs to the workspace.' }),
  workspace: workspaceName,
})
