import { createDeviceCode as storeDeviceCode } from '@private-connect/db'
import { AppError } from '@private-connect/errors'
import { networkOf } from '@private-connect/network'
import type { ApiContext } from '../../context.ts'
import { hashToken, mintToken } from '../../credentials/tokens.ts'
import { formatUserCode, mintUserCode } from '../../credentials/user-code.ts'

const lifetimeSeconds = 600
const intervalSeconds = 5
const codesPerMin = 10
const triesMax = 3

/** Two codes for a device that wants to be signed in (RFC 8628 §3.2): one to poll with, one for its user. */
export async function createDeviceCode(ctx: ApiContext, input: { readonly clientName: string }) {
  await ctx.ports.machines.countAttempt(`device code ${networkOf(ctx.ipAddress)}`, codesPerMin)
  const deviceCode = mintToken('device')
  const userCode = formatUserCode(await storeCode(ctx, input.clientName, deviceCode))
  const verificationUri = `${ctx.ports.hubUrl}/device`
  return {
    deviceCode,
    userCode,
    verificationUri,
    // In the fragment, which browsers keep to themselves: the code is in no log.
    verificationUriComplete: `${verificationUri}#${userCode}`,
    expiresIn: lifetimeSeconds,
    interval: intervalSeconds,
  }
}

async function storeCode(ctx: ApiContext, clientName: string, deviceCode: string): Promise<string> {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const userCode = mintUserCode()
    const isNew = await storeDeviceCode(ctx.db, {
      deviceCodeHash: hashToken(deviceCode),
      userCodeHash: hashToken(userCode),
      clientName,
      ipAddress: ctx.ipAddress,
      intervalSeconds,
      expiresAt: new Date(ctx.ports.nowMs() + lifetimeSeconds * 1000),
    })
    if (isNew) return userCode
  }
  throw new AppError('internal', undefined, { message: 'three user codes in a row were taken' })
}
