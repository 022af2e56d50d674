import { z } from 'zod'
import { idOf, isoTime } from './id.ts'
import { pageInput, pageOf } from './page.ts'
import { lineOfText } from './text.ts'

export const agent = z
  .object({
    id: idOf('agent'),
    name: z.string(),
    label: z.string().nullable(),
    isOnline: z.boolean(),
    lastSeenAt: isoTime.nullable(),
    connectedAt: isoTime.nullable(),
    version: z.string().nullable(),
    createdAt: isoTime,
  })
  .meta({ id: 'Agent', description: "A program on a user's machine that keeps a tunnel to the hub." })

export const agentToken = z
  .string()
  .regex(/^agent_tok_[a-z0-9]{32}$/)
  .meta({ description: 'Shown this once; only its hash is stored.' })

const agentWithToken = z.object({ success: z.literal(true), agent, token: agentToken })

export const registerAgentInput = z.strictObject({
  name: lineOfText(100).meta({ description: 'What the agent is called, usually its host name.' }),
  label: lineOfText(100).optional().meta({ description: 'Free text beside the name.' }),
})
export const registerAgentOutput = agentWithToken

export const agentIdInput = z.strictObject({ id: idOf('agent') })
export const rotateAgentTokenOutput = agentWithToken

export const listAgentsInput = pageInput
export const listAgentsOutput = pageOf(agent)

export type Agent = z.infer<typeof agent>
