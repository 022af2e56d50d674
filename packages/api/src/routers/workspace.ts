import { emptyInput, workspace } from '../contracts/index.ts'
import { getWorkspace } from '../operations/get-workspace.ts'
import { authenticatedProcedure } from '../procedures/authenticated.ts'
import { router } from '../trpc.ts'
import { workspaceRoutes } from './workspace.rest.ts'

export const workspaceRouter = router({
  get: authenticatedProcedure
    .meta({ rest: workspaceRoutes.get })
    .input(emptyInput)
    .output(workspace)
    .query(({ ctx }) => getWorkspace(ctx)),
})
