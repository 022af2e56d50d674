import {
  apiKeyDetails,
  apiKeyIdInput,
  createApiKeyInput,
  createApiKeyOutput,
  listApiKeysInput,
  listApiKeysOutput,
  success,
} from '../contracts/index.ts'
import { createApiKey, getApiKey, listApiKeys, revokeApiKey } from '../operations/api-keys/manage-api-keys.ts'
import { sessionProcedure } from '../procedures/session-only.ts'
import { router } from '../trpc.ts'
import { apiKeyRoutes } from './api-keys.rest.ts'

export const apiKeysRouter = router({
  create: sessionProcedure
    .meta({ rest: apiKeyRoutes.create })
    .input(createApiKeyInput)
    .output(createApiKeyOutput)
    .mutation(({ ctx, input }) => createApiKey(ctx, input)),
  list: sessionProcedure
    .meta({ rest: apiKeyRoutes.list })
    .input(listApiKeysInput)
    .output(listApiKeysOutput)
    .query(({ ctx, input }) => listApiKeys(ctx, input)),
  get: sessionProcedure
    .meta({ rest: apiKeyRoutes.get })
    .input(apiKeyIdInput)
    .output(apiKeyDetails)
    .query(({ ctx, input }) => getApiKey(ctx, input)),
  revoke: sessionProcedure
    .meta({ rest: apiKeyRoutes.revoke })
    .input(apiKeyIdInput)
    .output(success)
    .mutation(({ ctx, input }) => revokeApiKey(ctx, input)),
})
