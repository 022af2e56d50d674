import {
  askShareInput,
  createShareInput,
  createShareOutput,
  exportAccessLogsInput,
  exportAccessLogsOutput,
  listAccessLogsInput,
  listAccessLogsOutput,
  listQueriesInput,
  listQueriesOutput,
  listSharesInput,
  listSharesOfServiceInput,
  listSharesOutput,
  queryAnswer,
  share,
  shareIdInput,
  shareInfoInput,
  shareInfoOutput,
  shareStats,
  shareStatsInput,
  success,
  updateShareInput,
} from '../contracts/index.ts'
import { askShare } from '../operations/queries/ask-share.ts'
import { createShare } from '../operations/shares/create-share.ts'
import { exportAccessLogs } from '../operations/shares/export-access-logs.ts'
import { getShareInfo } from '../operations/shares/get-share-info.ts'
import { getShareStats } from '../operations/shares/get-share-stats.ts'
import { listQueries } from '../operations/shares/list-queries.ts'
import { listAccessLogs } from '../operations/shares/list-access-logs.ts'
import { getShare, listShares, listSharesOfService } from '../operations/shares/read-shares.ts'
import { revokeShare } from '../operations/shares/revoke-share.ts'
import { rotateShare } from '../operations/shares/rotate-share.ts'
import { updateShare } from '../operations/shares/update-share.ts'
import { authenticatedProcedure } from '../procedures/authenticated.ts'
import { publicProcedure } from '../procedures/public.ts'
import { router } from '../trpc.ts'
import { activity } from './events.ts'
import { shareRoutes } from './shares.rest.ts'

export const sharesRouter = router({
  activity,
  create: authenticatedProcedure
    .meta({ rest: shareRoutes.create })
    .input(createShareInput)
    .output(createShareOutput)
    .mutation(({ ctx, input }) => createShare(ctx, input)),
  list: authenticatedProcedure
    .meta({ rest: shareRoutes.list })
    .input(listSharesInput)
    .output(listSharesOutput)
    .query(({ ctx, input }) => listShares(ctx, input)),
  listOfService: authenticatedProcedure
    .meta({ rest: shareRoutes.listOfService })
    .input(listSharesOfServiceInput)
    .output(listSharesOutput)
    .query(({ ctx, input }) => listSharesOfService(ctx, input)),
  get: authenticatedProcedure
    .meta({ rest: shareRoutes.get })
    .input(shareIdInput)
    .output(share)
    .query(({ ctx, input }) => getShare(ctx, input)),
  update: authenticatedProcedure
    .meta({ rest: shareRoutes.update })
    .input(updateShareInput)
    .output(share)
    .mutation(({ ctx, input }) => updateShare(ctx, input)),
  rotate: authenticatedProcedure
    .meta({ rest: shareRoutes.rotate })
    .input(shareIdInput)
    .output(createShareOutput)
    .mutation(({ ctx, input }) => rotateShare(ctx, input)),
  revoke: authenticatedProcedure
    .meta({ rest: shareRoutes.revoke })
    .input(shareIdInput)
    .output(success)
    .mutation(({ ctx, input }) => revokeShare(ctx, input)),
  stats: authenticatedProcedure
    .meta({ rest: shareRoutes.stats })
    .input(shareStatsInput)
    .output(shareStats)
    .query(({ ctx, input }) => getShareStats(ctx, input)),
  logs: authenticatedProcedure
    .meta({ rest: shareRoutes.logs })
    .input(listAccessLogsInput)
    .output(listAccessLogsOutput)
    .query(({ ctx, input }) => listAccessLogs(ctx, input)),
  exportLogs: authenticatedProcedure
    .meta({ rest: shareRoutes.exportLogs })
    .input(exportAccessLogsInput)
    .output(exportAccessLogsOutput)
    .query(({ ctx, input }) => exportAccessLogs(ctx, input)),
  queries: authenticatedProcedure
    .meta({ rest: shareRoutes.queries })
    .input(listQueriesInput)
    .output(listQueriesOutput)
    .query(({ ctx, input }) => listQueries(ctx, input)),
  ask: authenticatedProcedure
    .meta({ rest: shareRoutes.ask })
    .input(askShareInput)
    .output(queryAnswer)
    .mutation(({ ctx, input, signal }) => askShare(ctx, input, signal)),
  info: publicProcedure
    .meta({ rest: shareRoutes.info })
    .input(shareInfoInput)
    .output(shareInfoOutput)
    .query(({ ctx, input }) => getShareInfo(ctx, input)),
})
