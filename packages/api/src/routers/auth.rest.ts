import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Sign-in'

const user = { id: 'user_01kq3v7d2m8x5f9b4n6c0h1jtw', email: 'owner@example.com' }
const workspace = { id: 'ws_01kq3v7d2m8x5f9b4n6c0h1jtw', name: 'my-workspace' }

export const authRoutes = {
  verify: {
    method: 'GET',
    path: '/v1/auth/verify',
    status: 200,
    tag,
    summary: 'Sign in with a magic link',
    description: "Uses the link's token up and sets the cookie `session`.",
    setsCookie: true,
    errors: ['auth.link_invalid'],
    example: {
      input: { token: 'magic_tok_abcdefghijklmnopqrstuvwxyz234567' },
      output: { success: true, user, workspace, isNewUser: false },
    },
  },
  me: {
    method: 'GET',
    path: '/v1/auth/me',
    status: 200,
    tag,
    summary: 'Get the current user and workspace',
    example: { output: { user, workspace } },
  },
  logout: {
    method: 'POST',
    path: '/v1/auth/logout',
    status: 200,
    tag,
    summary: 'End the current session',
    setsCookie: true,
    example: { output: { success: true } },
  },
} as const satisfies Record<string, RestRoute>
