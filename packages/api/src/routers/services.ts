import {
  listServicesInput,
  listServicesOutput,
  registerExternalServiceInput,
  registerServiceInput,
  service,
  serviceIdInput,
  serviceOutput,
} from '../contracts/index.ts'
import { getService, listServices } from '../operations/services/read-services.ts'
import { registerExternalService, registerService } from '../operations/services/register-service.ts'
import { authenticatedProcedure } from '../procedures/authenticated.ts'
import { router } from '../trpc.ts'
import { serviceRoutes } from './services.rest.ts'

export const servicesRouter = router({
  register: authenticatedProcedure
    .meta({ rest: serviceRoutes.register })
    .input(registerServiceInput)
    .output(serviceOutput)
    .mutation(({ ctx, input }) => registerService(ctx, input)),
  registerExternal: authenticatedProcedure
    .meta({ rest: serviceRoutes.registerExternal })
    .input(registerExternalServiceInput)
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
})
