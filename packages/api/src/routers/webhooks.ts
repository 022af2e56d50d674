import {
  createWebhookInput,
  deliveryIdInput,
  deliveryOutput,
  listDeliveriesInput,
  listDeliveriesOutput,
  listWebhooksInput,
  listWebhooksOutput,
  redeliverManyInput,
  redeliverManyOutput,
  success,
  updateWebhookInput,
  webhook,
  webhookIdInput,
  webhookOutput,
  webhookWithSecret,
} from '../contracts/index.ts'
import { deleteWebhook, rotateSecret, updateWebhook } from '../operations/webhooks/change-webhook.ts'
import { createWebhook } from '../operations/webhooks/create-webhook.ts'
import {
  listDeliveries,
  redeliverMany,
  redeliverOne,
  testWebhook,
} from '../operations/webhooks/deliveries.ts'
import { getWebhook, listWebhooks } from '../operations/webhooks/read-webhooks.ts'
import { authenticatedProcedure, credentialProcedure, onceProcedure } from '../procedures/authenticated.ts'
import { router } from '../trpc.ts'
import { webhookRoutes } from './webhooks.rest.ts'

export const webhooksRouter = router({
  create: credentialProcedure
    .meta({ rest: webhookRoutes.create })
    .input(createWebhookInput)
    // A name server may take its time: it is asked while no transaction is open.
    .use(async ({ ctx, input, next }) => {
      const target = { workspaceId: ctx.credential.workspaceId, url: input.url }
      return next({ ctx: { mayCall: await ctx.ports.webhooks.mayCall(target) } })
    })
    .concat(onceProcedure)
    .output(webhookWithSecret)
    .mutation(({ ctx, input }) => createWebhook(ctx, input)),
  list: authenticatedProcedure
    .meta({ rest: webhookRoutes.list })
    .input(listWebhooksInput)
    .output(listWebhooksOutput)
    .query(({ ctx, input }) => listWebhooks(ctx, input)),
  get: authenticatedProcedure
    .meta({ rest: webhookRoutes.get })
    .input(webhookIdInput)
    .output(webhook)
    .query(({ ctx, input }) => getWebhook(ctx, input)),
  update: authenticatedProcedure
    .meta({ rest: webhookRoutes.update })
    .input(updateWebhookInput)
    .output(webhookOutput)
    .mutation(({ ctx, input }) => updateWebhook(ctx, input)),
  delete: authenticatedProcedure
    .meta({ rest: webhookRoutes.delete })
    .input(webhookIdInput)
    .output(success)
    .mutation(({ ctx, input }) => deleteWebhook(ctx, input)),
  rotateSecret: authenticatedProcedure
    .meta({ rest: webhookRoutes.rotateSecret })
    .input(webhookIdInput)
    .output(webhookWithSecret)
    .mutation(({ ctx, input }) => rotateSecret(ctx, input)),
  test: authenticatedProcedure
    .meta({ rest: webhookRoutes.test })
    .input(webhookIdInput)
    .output(deliveryOutput)
    .mutation(({ ctx, input }) => testWebhook(ctx, input)),
  listDeliveries: authenticatedProcedure
    .meta({ rest: webhookRoutes.listDeliveries })
    .input(listDeliveriesInput)
    .output(listDeliveriesOutput)
    .query(({ ctx, input }) => listDeliveries(ctx, input)),
  redeliver: authenticatedProcedure
    .meta({ rest: webhookRoutes.redeliver })
    .input(deliveryIdInput)
    .output(deliveryOutput)
    .mutation(({ ctx, input }) => redeliverOne(ctx, input)),
  redeliverMany: authenticatedProcedure
    .meta({ rest: webhookRoutes.redeliverMany })
    .input(redeliverManyInput)
    .output(redeliverManyOutput)
    .mutation(({ ctx, input }) => redeliverMany(ctx, input)),
})
