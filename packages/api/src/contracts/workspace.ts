import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { lineOfText } from './text.ts'

const dayS = 86_400

/** A workspace's name, as registration and renaming take it. */
export const newWorkspaceName = lineOfText(50, 2)

const maxExpirySeconds = z
  .int({ error: 'Must be a whole number of seconds' })
  .min(60, 'Must be at least 60')
  .max(3650 * dayS, `Must be at most ${3650 * dayS}`)
  .nullable()
  .meta({ description: 'How long a share may live at most; null for any time.' })
const allowsNeverExpiring = z
  .boolean()
  .meta({ description: 'Whether shares may never expire. Without effect while there is a longest time.' })
const databasesReadOnly = z.boolean().meta({ description: 'No share of a database may write.' })
const hideTarget = z
  .boolean()
  .meta({ description: 'Share info, which is public, then names no host and port.' })

export const workspacePolicy = z.object({
  maxExpirySeconds,
  allowsNeverExpiring,
  databasesReadOnly,
  hideTarget,
})

const agentOffline = z
  .boolean()
  .meta({ description: 'When an agent is offline for more than two minutes, and when it is back.' })
const shareExpiring = z
  .boolean()
  .meta({ description: 'A day before a share ends, for shares that live for more than a day.' })

export const workspace = z
  .object({
    id: idOf('ws'),
    name: z.string(),
    policy: workspacePolicy,
    showsBranding: z.boolean().meta({ description: 'Whether shared pages carry the banner.' }),
    mailAlerts: z
      .object({ agentOffline, shareExpiring })
      .meta({ description: 'What the owners get mails about; off unless it is asked for.' }),
    createdAt: isoTime,
  })
  .meta({ id: 'Workspace', description: 'Owner of agents, services, shares and keys.' })

const hasChange = (input: object): boolean => Object.values(input).some((value) => value !== undefined)
const noChange = { error: 'Name at least one field to change' }

export const updateWorkspaceInput = z
  .strictObject({
    name: newWorkspaceName.optional(),
    policy: z
      .strictObject({
        maxExpirySeconds: maxExpirySeconds.optional(),
        allowsNeverExpiring: allowsNeverExpiring.optional(),
        databasesReadOnly: databasesReadOnly.optional(),
        hideTarget: hideTarget.optional(),
      })
      .refine(hasChange, noChange)
      .optional()
      .meta({
        description: 'What is left out stays. It holds for shares that are created or changed later.',
      }),
    showsBranding: z.boolean().optional(),
    mailAlerts: z
      .strictObject({ agentOffline: agentOffline.optional(), shareExpiring: shareExpiring.optional() })
      .refine(hasChange, noChange)
      .optional()
      .meta({ description: 'What is left out stays.' }),
  })
  .refine(hasChange, noChange)

export type UpdateWorkspaceInput = z.output<typeof updateWorkspaceInput>
