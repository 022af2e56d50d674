import type {
  createDeviceCodeOutput,
  createShareInput,
  pollDeviceTokenOutput,
  registerServiceInput,
} from '@private-connect/api/contracts'
import type { z } from 'zod'

export type ShareRequest = Omit<z.input<typeof createShareInput>, 'serviceId'>
export type RegisterServiceRequest = Omit<z.output<typeof registerServiceInput>, 'agentId'>
export type DeviceCode = z.infer<typeof createDeviceCodeOutput>
export type DeviceToken = z.infer<typeof pollDeviceTokenOutput>
