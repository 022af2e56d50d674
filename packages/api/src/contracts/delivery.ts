import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'

const statuses = ['pending', 'delivered', 'exhausted', 'cancelled'] as const

export const delivery = z
  .object({
    id: idOf('dlv'),
    webhookId: idOf('hook'),
    eventId: z.string().meta({ description: 'The `webhook-id` of its requests and the `id` in their body.' }),
    event: z.string().meta({ examples: ['share.accessed'] }),
    status: z.enum(statuses).meta({
      description:
        'pending: it will be tried (again). exhausted: given up. cancelled: its webhook was deleted first.',
    }),
    attemptCount: z.int().min(0),
    nextAttemptAt: isoTime.nullable().meta({ description: 'Null once it is settled.' }),
    lastAttemptAt: isoTime.nullable(),
    lastStatusCode: z.int().nullable().meta({ description: 'Null where no answer came.' }),
    lastError: z.string().nullable(),
    lastLatencyMs: z.int().nullable(),
    createdAt: isoTime,
    settledAt: isoTime.nullable(),
  })
  .meta({ id: 'WebhookDelivery', description: 'One event for one webhook.' })

const moment = z.iso
  .datetime({ offset: true, error: 'Must be an ISO 8601 time such as 2026-03-02T10:00:00Z' })
  .transform((text) => new Date(text))
const status = z.enum(statuses, { error: `Must be one of ${statuses.join(', ')}` })
const times = {
  from: moment.optional().meta({ description: 'First moment at which they were made.' }),
  to: moment.optional().meta({ description: 'End of that time.' }),
}

export const listDeliveriesInput = pageInput.extend({
  id: idOf('hook'),
  status: status.optional(),
  event: z
    .string()
    .regex(/^[a-z.]{1,50}$/, { error: 'Must be an event such as share.accessed' })
    .optional(),
  ...times,
})
export const listDeliveriesOutput = pageOf(delivery)

export const deliveryIdInput = z.strictObject({ id: idOf('dlv') })
export const deliveryOutput = z.object({ success: z.literal(true), delivery })

export const redeliverManyInput = z.strictObject({
  id: idOf('hook'),
  status: status
    .exclude(['cancelled'])
    .default('exhausted')
    .meta({ description: 'Which ones: by default those that were given up.' }),
  ...times,
})
export const redeliverManyOutput = z.object({
  success: z.literal(true),
  count: z.int().min(0).meta({ description: 'How many deliveries are sent again, ten a second.' }),
})

export type Delivery = z.infer<typeof delivery>
export type ListDeliveriesInput = z.output<typeof listDeliveriesInput>
export type RedeliverManyInput = z.output<typeof redeliverManyInput>
