import {
  apiKeyDetails,
  apiKeyIdInput,
  createApiKeyInput,
  createApiKeyOutput,
  listApiKeysInput,
  listApiKeysOutput,
  setIpRestrictionsInput,
  success,
} from '../contracts/index.ts'
import { createApiKey, getApiKey, listApiKeys, revokeApiKey } from '../operations/api-keys/manage-api-keys.ts'
import { setIpRestrictions } from '../operations/api-keys/set-ip-restrictions.ts'
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
  setIpRestrictions: sessionProcedure
    .meta({ rest: apiKeyRoutes.setIpRestrictions })
    .input(setIpRestrictionsInput)
    .output(apiKeyDetails)
    .mutation(({ ctx, input }) => setIpRestrictions(ctx, input)),
  revoke: sessionProcedure
    .meta({ rest: apiKeyRoutes.revoke })
    .input(apiKeyIdInput)
    .output(success)
    .mutation(({ ctx, input }) => revokeApiKey(ctx, input)),
})
