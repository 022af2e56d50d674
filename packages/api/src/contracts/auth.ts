import { z } from 'zod'
import { idOf } from './id.ts'

export const user = z.object({ id: idOf('user'), email: z.string() }).meta({ id: 'User' })
export const workspaceName = z.object({ id: idOf('ws'), name: z.string() }).meta({ id: 'WorkspaceName' })

export const verifyInput = z.strictObject({
  // Any text: what is not a token of ours is an unknown link, answered like a used one.
  token: z
    .string({ error: 'Must be the token of a sign-in link' })
    .max(256, 'Must have at most 256 characters')
    .meta({ description: 'The token of a sign-in link.' }),
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
