import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'

const hexHash = z.string().regex(/^[0-9a-f]{64}$/)

export const auditEntry = z
  .object({
    id: idOf('aud'),
    seq: z.int().meta({ description: 'Counts the workspace’s entries from 1, without gaps.' }),
    action: z.string().meta({ examples: ['share.created'] }),
    actorKind: z.enum(['user', 'api_key', 'agent', 'system']),
    actorId: z.string().nullable(),
    subjectId: z.string().nullable().meta({ description: 'What the action was done to.' }),
    details: z.record(z.string(), z.unknown()),
    ipAddress: z.string().nullable(),
    createdAt: isoTime,
    previousHash: hexHash.nullable(),
    hash: hexHash.meta({ description: 'SHA-256 over this entry and `previousHash`.' }),
  })
  .meta({ id: 'AuditEntry', description: 'One administrative action.' })

export const listAuditInput = pageInput
export const listAuditOutput = pageOf(auditEntry)

export const verifyAuditOutput = z.object({
  isIntact: z.boolean(),
  firstBrokenSeq: z
    .int()
    .nullable()
    .meta({ description: 'The first entry that is missing, edited or out of place.' }),
})

export type AuditEntry = z.infer<typeof auditEntry>
