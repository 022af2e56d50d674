import { z } from 'zod'
import { allowedPaths } from './allowed-path.ts'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'
import { lineOfText, linesOfText } from './text.ts'

export const shareMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export const shareDurations = ['1h', '24h', '7d', '30d', 'never'] as const
export const defaultShareDuration = '24h' satisfies ShareDuration

export type ShareMethod = (typeof shareMethods)[number]
export type ShareDuration = (typeof shareDurations)[number]

export const shareToken = z.string().regex(/^share_tok_[a-z0-9]{26}$/)

export const share = z
  .object({
    id: idOf('share'),
    serviceId: idOf('svc'),
    name: z.string(),
    description: z.string().nullable(),
    tokenPreview: z.string().meta({ description: "The token's first 13 characters and `...`." }),
    expiresAt: isoTime.nullable().meta({ description: 'Null when the share never expires.' }),
    revokedAt: isoTime.nullable(),
    isActive: z.boolean().meta({ description: 'Neither revoked nor expired.' }),
    allowedPaths: z.array(z.string()).nullable(),
    allowedMethods: z.array(z.enum(shareMethods)).nullable(),
    rateLimitPerMin: z.int().nullable(),
    allowWrites: z.boolean().meta({ description: 'Whether queries of a database share may write.' }),
    maskedColumns: z.array(z.string()).meta({ description: 'Columns whose values queries only see masked.' }),
    createdAt: isoTime,
    lastAccessedAt: isoTime.nullable(),
    accessCount: z.int(),
    shareUrl: z
      .string()
      .meta({ description: 'Carries the preview: the token itself is shown only at creation.' }),
  })
  .meta({ id: 'Share', description: 'A revocable, limited link to one service.' })

const allowedMethods = z
  .array(z.enum(shareMethods, { error: `Must be one of ${shareMethods.join(', ')}` }))
  .min(1, 'Must name at least one method. Leave allowedMethods out to allow every method')
  .max(20, 'Must have at most 20 methods')
  .transform((methods) => [...new Set(methods)])
  .meta({ description: 'Methods that visitors may use. GET implies HEAD.' })

const rateLimitPerMin = z
  .int({ error: 'Must be a whole number from 1 to 1000' })
  .min(1, 'Must be at least 1')
  .max(1000, 'Must be at most 1000')
  .meta({ description: 'Requests a minute over all visitors of the share.' })

const expiresIn = z.enum(shareDurations, { error: `Must be one of ${shareDurations.join(', ')}` }).optional()
const expiresAt = z.iso
  .datetime({ offset: true, error: 'Must be an ISO 8601 time such as 2026-03-09T10:00:00Z' })
  .optional()
  .meta({ description: 'When the share ends, instead of expiresIn.' })
const allowWrites = z
  .boolean()
  .meta({ description: 'Lets queries of a database share write; otherwise they only read.' })

const maskedColumns = z
  .array(
    z.string().regex(/^(?:[^.\s"`\p{Cc}]{1,64}\.){1,2}[^.\s"`\p{Cc}]{1,64}$/u, {
      error: 'Must be table.column or schema.table.column',
    }),
  )
  .max(100, 'Must have at most 100 columns')
  .transform((columns) => [...new Set(columns)])
  .meta({
    description:
      'Columns such as `users.email` of a PostgreSQL or MySQL database whose values come back masked.',
  })

const hasOneExpiry = (input: { readonly expiresIn?: unknown; readonly expiresAt?: unknown }) =>
  input.expiresIn === undefined || input.expiresAt === undefined
const twoExpiries = { path: ['expiresAt'], error: 'Give either expiresIn or expiresAt, not both' }

export const createShareInput = z
  .strictObject({
    serviceId: idOf('svc'),
    name: lineOfText(100),
    description: linesOfText(500).optional(),
    expiresIn: expiresIn.meta({ description: `How long the share lives. Default ${defaultShareDuration}.` }),
    expiresAt,
    allowedPaths: allowedPaths.optional(),
    allowedMethods: allowedMethods.optional(),
    rateLimitPerMin: rateLimitPerMin.optional(),
    allowWrites: allowWrites.default(false),
    maskedColumns: maskedColumns.default([]),
  })
  .refine(hasOneExpiry, twoExpiries)

export const updateShareInput = z
  .strictObject({
    id: idOf('share'),
    name: lineOfText(100).optional(),
    description: linesOfText(500).nullable().optional(),
    expiresIn: expiresIn.meta({ description: 'How long the share lives from now on.' }),
    expiresAt,
    allowedPaths: allowedPaths.nullable().optional().meta({ description: 'Null allows every path.' }),
    allowedMethods: allowedMethods.nullable().optional().meta({ description: 'Null allows every method.' }),
    rateLimitPerMin: rateLimitPerMin
      .nullable()
      .optional()
      .meta({ description: 'Null is the default limit.' }),
    allowWrites: allowWrites.optional(),
    maskedColumns: maskedColumns.optional(),
  })
  .refine(hasOneExpiry, twoExpiries)
  .refine(({ id: _id, ...changes }) => Object.values(changes).some((value) => value !== undefined), {
    error: 'Name at least one field to change',
  })

export const createShareOutput = z.object({
  success: z.literal(true),
  share: z.object({
    id: idOf('share'),
    token: shareToken.meta({ description: 'Shown this once; only its hash is stored.' }),
    name: z.string(),
    expiresAt: isoTime.nullable(),
    shareUrl: z.url().meta({ description: 'The link to send to visitors.' }),
    subdomainUrl: z.url().nullable().meta({
      description:
        'The same share on a host of its own, which web apps need; null while the hub has no share domain.',
    }),
  }),
})

export const shareIdInput = z.strictObject({ id: idOf('share') })

export const listSharesInput = pageInput
export const listSharesOfServiceInput = pageInput.extend({ serviceId: idOf('svc') })
export const listSharesOutput = pageOf(share)

export const shareInfoInput = z.strictObject({
  // Any text: what is not a token is an unknown share, not a malformed request.
  token: z.string().max(256, 'Must have at most 256 characters').meta({ description: "The link's token." }),
})
export const shareInfoOutput = z.object({
  name: z.string(),
  description: z.string().nullable(),
  expiresAt: isoTime.nullable(),
  workspaceName: z.string(),
  service: z.object({
    name: z.string(),
    targetHost: z.string().nullable().meta({ description: 'Null when the workspace hides its targets.' }),
    targetPort: z.int().nullable().meta({ description: 'Null when the workspace hides its targets.' }),
    protocol: z.enum(['auto', 'http', 'https', 'tcp']),
  }),
})

export type Share = z.infer<typeof share>
export type UpdateShareInput = z.output<typeof updateShareInput>
export type CreateShareInput = z.output<typeof createShareInput>
export type CreatedShare = z.infer<typeof createShareOutput>['share']
