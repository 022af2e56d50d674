import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'
import { databaseEngines } from './query.ts'

const protocols = ['auto', 'http', 'https', 'tcp'] as const

export const service = z
  .object({
    id: idOf('svc'),
    agentId: idOf('agent').nullable(),
    name: z.string(),
    targetHost: z.string(),
    targetPort: z.int(),
    protocol: z.enum(protocols),
    engine: z
      .enum(databaseEngines)
      .nullable()
      .meta({ description: 'Which database it is; null: known by its port, or none.' }),
    status: z.enum(['active', 'offline', 'unreachable', 'unknown']),
    isExternal: z.boolean(),
    hasCredentials: z.boolean(),
    allowsSelfSigned: z
      .boolean()
      .meta({ description: 'Whether an external https target may have a certificate that does not verify.' }),
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
  engine: z
    .enum(databaseEngines, { error: `Must be one of ${databaseEngines.join(', ')}` })
    .optional()
    .meta({ description: 'The database that it is, where its port does not tell.' }),
}

export const registerServiceInput = z.strictObject({ agentId: idOf('agent'), ...target })
export const registerExternalServiceInput = z.strictObject(target)
export const serviceOutput = z.object({ success: z.literal(true), service })

const changedTarget = {
  name: target.name.optional(),
  targetHost: target.targetHost.optional(),
  targetPort: target.targetPort.optional(),
  protocol: target.protocol.unwrap().optional(),
  engine: target.engine.unwrap().nullable().optional(),
}
export const updateServiceInput = z.strictObject({
  id: idOf('svc'),
  ...changedTarget,
  allowsSelfSigned: z
    .boolean()
    .optional()
    .meta({ description: 'Take certificates of an external https target that do not verify.' }),
})

const loginText = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax, `Must have at most ${lengthMax} characters`)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: 'Must be text without NUL' })

/** A database login. Write-only: no answer ever has it. */
export const serviceCredentials = z.strictObject({
  username: loginText(256).nullable().default(null),
  password: loginText(4096),
  database: loginText(256).nullable().default(null),
  tls: z.boolean().nullable().default(null).meta({
    description:
      'Whether to speak TLS to the database, never less than that. Null: yes, unless it is behind an agent or on the own machine of the hub.',
  }),
  allowPrivilegedRole: z.boolean().default(false).meta({
    description: 'Confirms a login that may do more than queries should, such as a superuser.',
  }),
})
export const setServiceCredentialsInput = z.strictObject({
  id: idOf('svc'),
  ...serviceCredentials.shape,
})

export const setServiceCredentialsOutput = serviceOutput.extend({
  warning: z.string().nullable().meta({
    description: 'What is wrong with the login as far as the database could be asked now; null: nothing.',
  }),
})

const step = z.enum(['ok', 'failed', 'skipped'])
export const serviceCheck = z
  .object({
    dns: step.meta({ description: 'Skipped for addresses, and behind an agent, which resolves by itself.' }),
    tcp: step,
    tls: step,
    http: step,
    latencyMs: z
      .int()
      .nullable()
      .meta({ description: 'Until the connection was open; null when it was not.' }),
    message: z.string().meta({ description: 'What was found, as a sentence.' }),
  })
  .meta({ id: 'ServiceCheck' })
export const checkServiceOutput = z.object({ success: z.literal(true), check: serviceCheck })

export type ServiceCheck = z.infer<typeof serviceCheck>
export type ServiceCredentials = z.infer<typeof serviceCredentials>

export const serviceIdInput = z.strictObject({ id: idOf('svc') })
export const listServicesInput = pageInput
export const listServicesOutput = pageOf(service)

export type Service = z.infer<typeof service>
