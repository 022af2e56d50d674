import type { RestRoute } from '../rest/rest-route.ts'

const tag = 'Sign-in'

const user = { id: 'user_01kq3v7d2m8x5f9b4n6c0h1jtw', email: 'owner@example.com' }
const workspace = { id: 'ws_01kq3v7d2m8x5f9b4n6c0h1jtw', name: 'my-workspace' }

const token = 'magic_tok_abcdefghijklmnopqrstuvwxyz234567'

export const authRoutes = {
  register: {
    method: 'POST',
    path: '/v1/auth/register',
    status: 200,
    tag,
    summary: 'Ask for an account',
    description:
      'Mails a link that creates the account and its workspace. The answer is the same for an address that has an account; its owner is then told by mail.',
    setsCookie: true,
    errors: ['auth.cross_site'],
    example: {
      input: { email: user.email, workspaceName: workspace.name },
      output: { success: true, message: 'Verification email sent' },
    },
  },
  login: {
    method: 'POST',
    path: '/v1/auth/login',
    status: 200,
    tag,
    summary: 'Ask for a sign-in link',
    description:
      'Mails a link that works once within 15 minutes; a newer one ends it. The answer is the same for an address without an account.',
    setsCookie: true,
    errors: ['auth.cross_site'],
    example: {
      input: { email: user.email },
      output: { success: true, message: 'Login link sent to your email' },
    },
  },
  inspectLink: {
    method: 'POST',
    path: '/v1/auth/link',
    status: 200,
    tag,
    summary: 'Look at a sign-in link without using it',
    description: "For the hub's sign-in page, which names the account before a person agrees.",
    errors: ['auth.link_invalid', 'auth.cross_site'],
    example: {
      input: { token },
      output: { email: user.email, isNewAccount: false, isSameBrowser: true },
    },
  },
  verify: {
    method: 'GET',
    path: '/v1/auth/verify',
    status: 200,
    tag,
    summary: 'Sign in with a magic link',
    description:
      "Uses the link's token up and sets the cookie `session`. A browser may only fetch it from the hub's own page.",
    setsCookie: true,
    errors: ['auth.link_invalid', 'auth.cross_site'],
    example: {
      input: { token },
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
