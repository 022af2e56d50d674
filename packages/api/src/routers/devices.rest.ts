import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Devices'
const deviceCode = 'device_tok_abcdefghijklmnopqrstuvwxyz234567'
const clientName = 'private-connect on build-laptop'

export const deviceRoutes = {
  code: {
    method: 'POST',
    path: '/v1/device/code',
    status: 200,
    tag,
    summary: 'Begin to sign a device in',
    description:
      'Show the user userCode and verificationUri, or open verificationUriComplete, and poll for the token (RFC 8628).',
    example: {
      input: { clientName },
      output: {
        deviceCode,
        userCode: 'BCDF-GHJK',
        verificationUri: 'https://hub.example.com/device',
        verificationUriComplete: 'https://hub.example.com/device#BCDF-GHJK',
        expiresIn: 600,
        interval: 5,
      },
    },
  },
  token: {
    method: 'GET',
    path: '/v1/device/token',
    status: 200,
    tag,
    summary: "Poll for a device's token",
    description:
      'Every `interval` seconds; after `slow_down` 5 seconds slower. The token is a session, to be sent as Bearer.',
    errors: ['device.authorization_pending', 'device.slow_down', 'device.denied', 'device.code_expired'],
    example: {
      input: { deviceCode },
      output: {
        success: true,
        token: 'sess_abcdefghijklmnopqrstuvwxyz234567',
        expiresAt: '2026-04-01T10:00:00.000Z',
        user: { id: 'user_01kq3v7d2m8x5f9b4n6c0h1jtw', email: 'dev@example.com' },
        workspace: { id: 'ws_01kq3v7d2m8x5f9b4n6c0h1jtw', name: 'acme-corp' },
      },
    },
  },
  verify: {
    method: 'POST',
    path: '/v1/device/verify',
    status: 200,
    tag,
    summary: 'Look at a device that waits, approve or deny it',
    errors: ['device.code_not_found'],
    example: {
      input: { userCode: 'BCDF-GHJK', decision: 'approve' },
      output: {
        success: true,
        device: {
          clientName,
          ipAddress: '203.0.113.42',
          createdAt: '2026-03-02T10:00:00.000Z',
          expiresAt: '2026-03-02T10:10:00.000Z',
        },
      },
    },
  },
} as const satisfies Record<string, RestRoute>
