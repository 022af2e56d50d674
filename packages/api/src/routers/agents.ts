import {
  agent,
  agentIdInput,
  listAgentsInput,
  listAgentsOutput,
  registerAgentInput,
  registerAgentOutput,
  rotateAgentTokenOutput,
  success,
} from '../contracts/index.ts'
import { deleteAgent } from '../operations/agents/delete-agent.ts'
import { getAgent, listAgents } from '../operations/agents/read-agents.ts'
import { registerAgent } from '../operations/agents/register-agent.ts'
import { rotateAgentToken } from '../operations/agents/rotate-agent-token.ts'
import { authenticatedProcedure } from '../procedures/authenticated.ts'
import { router } from '../trpc.ts'
import { status } from './events.ts'
import { agentRoutes } from './agents.rest.ts'

export const agentsRouter = router({
  status,
  register: authenticatedProcedure
    .meta({ rest: agentRoutes.register })
    .input(registerAgentInput)
    .output(registerAgentOutput)
    .mutation(({ ctx, input }) => registerAgent(ctx, input)),
  list: authenticatedProcedure
    .meta({ rest: agentRoutes.list })
    .input(listAgentsInput)
    .output(listAgentsOutput)
    .query(({ ctx, input }) => listAgents(ctx, input)),
  get: authenticatedProcedure
    .meta({ rest: agentRoutes.get })
    .input(agentIdInput)
    .output(agent)
    .query(({ ctx, input }) => getAgent(ctx, input)),
  rotateToken: authenticatedProcedure
    .meta({ rest: agentRoutes.rotateToken })
    .input(agentIdInput)
    .output(rotateAgentTokenOutput)
    .mutation(({ ctx, input }) => rotateAgentToken(ctx, input)),
  delete: authenticatedProcedure
    .meta({ rest: agentRoutes.delete })
    .input(agentIdInput)
    .output(success)
    .mutation(({ ctx, input }) => deleteAgent(ctx, input)),
})
