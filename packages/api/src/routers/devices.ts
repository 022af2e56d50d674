import {
  createDeviceCodeInput,
  createDeviceCodeOutput,
  pollDeviceTokenInput,
  pollDeviceTokenOutput,
  verifyDeviceInput,
  verifyDeviceOutput,
} from '../contracts/index.ts'
import { createDeviceCode } from '../operations/devices/create-device-code.ts'
import { pollDeviceToken } from '../operations/devices/poll-device-token.ts'
import { verifyDevice } from '../operations/devices/verify-device.ts'
import { publicProcedure } from '../procedures/public.ts'
import { sessionProcedure } from '../procedures/session-only.ts'
import { router } from '../trpc.ts'
import { deviceRoutes } from './devices.rest.ts'

export const devicesRouter = router({
  code: publicProcedure
    .meta({ rest: deviceRoutes.code })
    .input(createDeviceCodeInput)
    .output(createDeviceCodeOutput)
    .mutation(({ ctx, input }) => createDeviceCode(ctx, input)),
  token: publicProcedure
    .meta({ rest: deviceRoutes.token })
    .input(pollDeviceTokenInput)
    .output(pollDeviceTokenOutput)
    .query(({ ctx, input }) => pollDeviceToken(ctx, input)),
  verify: sessionProcedure
    .meta({ rest: deviceRoutes.verify })
    .input(verifyDeviceInput)
    .output(verifyDeviceOutput)
    .mutation(({ ctx, input }) => verifyDevice(ctx, input)),
})
