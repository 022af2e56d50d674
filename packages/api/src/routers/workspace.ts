import { emptyInput, updateWorkspaceInput, workspace } from '../contracts/index.ts'
import { getWorkspace } from '../operations/workspace/read-workspace.ts'
import { updateWorkspace } from '../operations/workspace/update-workspace.ts'
import { authenticatedProcedure } from '../procedures/authenticated.ts'
import { router } from '../trpc.ts'
import { workspaceRoutes } from './workspace.rest.ts'

export const workspaceRouter = router({
  get: authenticatedProcedure
    .meta({ rest: workspaceRoutes.get })
    .input(emptyInput)
    .output(workspace)
    .query(({ ctx }) => getWorkspace(ctx)),
  update: authenticatedProcedure
    .meta({ rest: workspaceRoutes.update })
    .input(updateWorkspaceInput)
    .output(workspace)
    .mutation(({ ctx, input }) => updateWorkspace(ctx, input)),
})
