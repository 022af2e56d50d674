import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'

const protocols = ['auto', 'http', 'https', 'tcp'] as const

export const service = z
  .object({
    id: idOf('svc'),
    agentId: idOf('agent').nullable(),
    name: z.string(),
    targetHost: z.string(),
    targetPort: z.int(),
    protocol: z.enum(protocols),
    engine: z.string().nullable(),
    status: z.enum(['active', 'offline', 'unreachable', 'unknown']),
    isExternal: z.boolean(),
    hasCredentials: z.boolean(),
    createdAt: isoTime,
    lastCheckedAt: isoTime.nullable(),
  })
  .meta({
    id: 'Service',
    description: 'A target host and port, behind an agent or dialled by the hub itself.',
  })

const targetHost = z
  .string()
  .max(253, 'Must have at most 253 characters')
  // A name or an address without brackets, port, userinfo or path: the only forms that a dial takes.
  .regex(/^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_.])?$|^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/, {
    error: 'Must be a host name or an IP address, without scheme, port or path',
  })
  .meta({ description: 'Host name or address of the target.', examples: ['localhost'] })

const target = {
  name: z
    .string()
    .regex(/^[\w-]{1,100}$/, { error: 'Must have 1 to 100 letters, digits, _ or -' })
    .meta({ description: 'Name of the service, unique in the workspace.', examples: ['prod-db'] }),
  targetHost,
  targetPort: z
    .int({ error: 'Must be a port number from 1 to 65535' })
    .min(1, 'Must be at least 1')
    .max(65_535, 'Must be at most 65535'),
  protocol: z
    .enum(protocols, { error: `Must be one of ${protocols.join(', ')}` })
    .default('auto')
    .meta({ description: 'What the target speaks; `auto` finds out.' }),
}

export const registerServiceInput = z.strictObject({ agentId: idOf('agent'), ...target })
export const registerExternalServiceInput = z.strictObject(target)
export const serviceOutput = z.object({ success: z.literal(true), service })

export const serviceIdInput = z.strictObject({ id: idOf('svc') })
export const listServicesInput = pageInput
export const listServicesOutput = pageOf(service)

export type Service = z.infer<typeof service>
