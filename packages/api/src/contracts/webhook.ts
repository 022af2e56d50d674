import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'
import { lineOfText } from './text.ts'
import { webhookUrl } from './webhook-url.ts'

export const webhookEventTypes = [
  'share.created',
  'share.accessed',
  'share.denied',
  'share.query',
  'share.revoked',
  'share.expired',
  'agent.online',
  'agent.offline',
] as const

export const webhook = z
  .object({
    id: idOf('hook'),
    url: z.string(),
    description: z.string().nullable(),
    events: z.array(z.string()).meta({ description: 'Which events are sent.' }),
    isEnabled: z.boolean(),
    disabledReason: z.enum(['user', 'gone', 'failing']).nullable().meta({
      description:
        'Who ended it: a user, its endpoint by 410, or the hub after five days in which nothing succeeded.',
    }),
    failingSince: isoTime
      .nullable()
      .meta({ description: 'Since when no delivery has succeeded; null while they do.' }),
    previousSecretExpiresAt: isoTime
      .nullable()
      .meta({ description: 'Until then the secret of before the last rotation signs too.' }),
    createdAt: isoTime,
    updatedAt: isoTime,
  })
  .meta({ id: 'Webhook', description: 'Where a workspace’s events are posted to.' })

export const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{43}=$/)
  .meta({ description: 'Signs its requests (Standard Webhooks). Shown this once.' })

const events = z
  .array(z.enum(webhookEventTypes, { error: `Must be one of ${webhookEventTypes.join(', ')}` }))
  .min(1, 'Must name at least one event')
  .max(50, 'Must have at most 50 events')
  .transform((types) => [...new Set(types)])
  .meta({ description: 'Which events are sent.' })
const description = lineOfText(200).nullable().meta({ description: 'Free text.' })

export const createWebhookInput = z.strictObject({
  url: webhookUrl,
  events: events.default([...webhookEventTypes]),
  description: description.optional(),
})
export const webhookWithSecret = z.object({ success: z.literal(true), webhook, secret: webhookSecret })
export const webhookOutput = z.object({ success: z.literal(true), webhook })

export const webhookIdInput = z.strictObject({ id: idOf('hook') })
export const listWebhooksInput = pageInput
export const listWebhooksOutput = pageOf(webhook)

export const updateWebhookInput = z
  .strictObject({
    id: idOf('hook'),
    url: webhookUrl.optional(),
    events: events.optional(),
    description: description.optional(),
    isEnabled: z.boolean().optional().meta({
      description:
        'false stops it; true begins anew: what waited is sent, what happened meanwhile is not. Redeliver that.',
    }),
  })
  .refine((input) => Object.entries(input).some(([name, value]) => name !== 'id' && value !== undefined), {
    error: 'Name at least one field to change',
  })

export type Webhook = z.infer<typeof webhook>
export type CreateWebhookInput = z.output<typeof createWebhookInput>
export type UpdateWebhookInput = z.output<typeof updateWebhookInput>
