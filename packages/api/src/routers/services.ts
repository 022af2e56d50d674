import {
  checkServiceOutput,
  listServicesInput,
  listServicesOutput,
  registerExternalServiceInput,
  registerServiceInput,
  service,
  serviceIdInput,
  serviceOutput,
  setServiceCredentialsInput,
  setServiceCredentialsOutput,
  success,
  updateServiceInput,
} from '../contracts/index.ts'
import { checkService } from '../operations/services/check-service.ts'
import { deleteService } from '../operations/services/delete-service.ts'
import { getService, listServices } from '../operations/services/read-services.ts'
import { registerExternalService, registerService } from '../operations/services/register-service.ts'
import { removeServiceCredentials } from '../operations/services/service-credentials.ts'
import { setServiceCredentials } from '../operations/services/set-service-credentials.ts'
import { updateService } from '../operations/services/update-service.ts'
import { authenticatedProcedure, credentialProcedure, onceProcedure } from '../procedures/authenticated.ts'
import { router } from '../trpc.ts'
import { serviceRoutes } from './services.rest.ts'

export const servicesRouter = router({
  register: authenticatedProcedure
    .meta({ rest: serviceRoutes.register })
    .input(registerServiceInput)
    .output(serviceOutput)
    .mutation(({ ctx, input }) => registerService(ctx, input)),
  registerExternal: credentialProcedure
    .meta({ rest: serviceRoutes.registerExternal })
    .input(registerExternalServiceInput)
    // A name server may take its time: it is asked while no transaction is open.
    .use(async ({ ctx, input, next }) => {
      const { workspaceId } = ctx.credential
      return next({ ctx: { mayDial: await ctx.ports.machines.mayDial({ ...input, workspaceId }) } })
    })
    .concat(onceProcedure)
    .output(serviceOutput)
    .mutation(({ ctx, input }) => registerExternalService(ctx, input)),
  list: authenticatedProcedure
    .meta({ rest: serviceRoutes.list })
    .input(listServicesInput)
    .output(listServicesOutput)
    .query(({ ctx, input }) => listServices(ctx, input)),
  get: authenticatedProcedure
    .meta({ rest: serviceRoutes.get })
    .input(serviceIdInput)
    .output(service)
    .query(({ ctx, input }) => getService(ctx, input)),
  update: authenticatedProcedure
    .meta({ rest: serviceRoutes.update })
    .input(updateServiceInput)
    .output(serviceOutput)
    .mutation(({ ctx, input }) => updateService(ctx, input)),
  delete: authenticatedProcedure
    .meta({ rest: serviceRoutes.delete })
    .input(serviceIdInput)
    .output(success)
    .mutation(({ ctx, input }) => deleteService(ctx, input)),
  setCredentials: authenticatedProcedure
    .meta({ rest: serviceRoutes.setCredentials })
    .input(setServiceCredentialsInput)
    .output(setServiceCredentialsOutput)
    .mutation(({ ctx, input }) => setServiceCredentials(ctx, input)),
  removeCredentials: authenticatedProcedure
    .meta({ rest: serviceRoutes.removeCredentials })
    .input(serviceIdInput)
    .output(serviceOutput)
    .mutation(({ ctx, input }) => removeServiceCredentials(ctx, input)),
  check: authenticatedProcedure
    .meta({ rest: serviceRoutes.check })
    .input(serviceIdInput)
    .output(checkServiceOutput)
    .mutation(({ ctx, input }) => checkService(ctx, input)),
})
