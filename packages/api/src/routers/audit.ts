import { emptyInput, listAuditInput, listAuditOutput, verifyAuditOutput } from '../contracts/index.ts'
import { listAudit, verifyAudit } from '../operations/audit/read-audit.ts'
import { authenticatedProcedure } from '../procedures/authenticated.ts'
import { router } from '../trpc.ts'
import { auditRoutes } from './audit.rest.ts'

export const auditRouter = router({
  list: authenticatedProcedure
    .meta({ rest: auditRoutes.list })
    .input(listAuditInput)
    .output(listAuditOutput)
    .query(({ ctx, input }) => listAudit(ctx, input)),
  verify: authenticatedProcedure
    .meta({ rest: auditRoutes.verify })
    .input(emptyInput)
    .output(verifyAuditOutput)
    .query(({ ctx }) => verifyAudit(ctx)),
})
