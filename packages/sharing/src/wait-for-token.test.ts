import { describe, expect, it } from 'vitest'
import { Failure, HubRefusal } from './failure.ts'
import type { DeviceToken } from './requests.ts'
import { waitForToken } from './wait-for-token.ts'

const token: DeviceToken = {
  success: true,
  token: 'sess_x',
  expiresAt: '2026-03-02T10:00:00.000Z',
  user: { id: 'user_1', email: 'a@example.com' },
  workspace: { id: 'ws_1', name: 'acme' },
}
const refusal = (code: string) => new HubRefusal(code, 'No.')

function wait(answers: readonly unknown[], signal = new AbortController().signal) {
  const left = [...answers]
  const hub = {
    pollDeviceToken: async (): Promise<DeviceToken> => {
      const answer = left.shift()
      if (answer instanceof Error) throw answer
      return answer as DeviceToken
    },
  }
  return waitForToken({
    hub,
    code: { deviceCode: 'device_tok_x', interval: 0.005 },
    signal,
    startAgainHint: 'Again.',
  })
}

describe('waiting to be let in', () => {
  it('asks until it is, also while the hub is away for a moment', async () => {
    const pending = refusal('device.authorization_pending')
    const away = new Failure('hubUnreachable', 'away')
    expect(await wait([pending, away, refusal('request.rate_limited'), pending, token])).toBe(token)
  })

  it('asks less often once the hub says so', async () => {
    // Seconds later, that is: long after nobody waits any more.
    expect(await wait([refusal('device.slow_down'), token], AbortSignal.timeout(200))).toBeNull()
  })

  it('ends in words when it was turned away or nobody came', async () => {
    await expect(wait([refusal('device.denied')])).rejects.toThrow(/turned away/)
    await expect(wait([refusal('device.code_expired')])).rejects.toMatchObject({
      kind: 'credentialsRefused',
      hint: 'Again.',
    })
    await expect(wait([refusal('internal')])).rejects.toMatchObject({ code: 'internal' })
  })

  it('ends with Ctrl-C', async () => {
    expect(await wait([token], AbortSignal.abort())).toBeNull()
  })
})
