import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'
import { lineOfText } from './text.ts'

export const apiKey = z
  .object({
    id: idOf('key'),
    name: z.string(),
    prefix: z.string().meta({ description: "The key's first 12 characters." }),
    lastUsedAt: isoTime.nullable(),
    createdAt: isoTime,
    isActive: z.boolean(),
  })
  .meta({ id: 'ApiKey' })

export const apiKeyDetails = apiKey
  .extend({
    allowedIpRanges: z.array(z.string()).meta({ description: 'Empty when every address may use the key.' }),
  })
  .meta({ id: 'ApiKeyDetails' })

export const createApiKeyInput = z.strictObject({ name: lineOfText(50) })
export const createApiKeyOutput = z.object({
  id: idOf('key'),
  name: z.string(),
  key: z
    .string()
    .regex(/^pc_live_[a-z0-9]{26}$/)
    .meta({ description: 'Shown this once; only its hash is stored.' }),
  prefix: z.string(),
  createdAt: isoTime,
})

export const apiKeyIdInput = z.strictObject({ id: idOf('key') })
export const setIpRestrictionsInput = z.strictObject({
  id: idOf('key'),
  allowedIpRanges: z
    .array(z.string().max(64, 'Must be an address or a range such as 10.0.0.0/8'), {
      error: 'Must be a list of addresses or ranges such as 10.0.0.0/8',
    })
    .max(1000, 'Must have at most 1,000 ranges')
    .meta({ description: 'CIDR ranges for IPv4 and IPv6; empty allows every address.' }),
})
export const listApiKeysInput = pageInput
export const listApiKeysOutput = pageOf(apiKey)

export type ApiKey = z.infer<typeof apiKey>
export type ApiKeyDetails = z.infer<typeof apiKeyDetails>
