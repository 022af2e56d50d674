import type { MachinePorts } from '@private-connect/api'
import { AppError } from '@private-connect/errors'
import {
  createDialCheck,
  createMemoryRateLimiter,
  createServiceCheck,
  type Dial,
  type DirectDialOptions,
} from '@private-connect/proxy/serve'
import { inspectLogin } from '../queries/inspect-login.ts'
import type { Store } from '../store/store.ts'

interface MachineOptions {
  readonly store: Pick<Store, 'vault'>
  readonly dial: Dial
  readonly direct: DirectDialOptions
  readonly nowMs: () => number
}

/** All that agents, services, keys and devices need of the hub. */
export function createMachinePorts({ store, dial, direct, nowMs }: MachineOptions): MachinePorts {
  const mayDial = createDialCheck(direct)
  const check = createServiceCheck({ dial })
  const attempts = createMemoryRateLimiter({ nowMs })
  return {
    vault: store.vault,
    mayDial,
    async checkService({ allowsSelfSigned, ...service }) {
      const { status, ...found } = await check({ ...service, acceptsSelfSigned: allowsSelfSigned })
      return { check: found, status }
    },
    inspectLogin: async (service, login) => inspectLogin(dial, service, login),
    countAttempt(key, perMin) {
      const { isAllowed, resetMs } = attempts.consume(key, perMin)
      if (isAllowed) return
      throw new AppError('request.rate_limited', undefined, { retryAfterSeconds: Math.ceil(resetMs / 1000) })
    },
  }
}
