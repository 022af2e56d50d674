import type { ZodOpenApiObject } from 'zod-openapi'
import type { Access } from '../rest/rest-route.ts'

type Components = NonNullable<ZodOpenApiObject['components']>

export const securitySchemes = {
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key, `pc_live_…`.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key or the session of a device, `sess_…`.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'session',
    description: 'The session of a signed-in browser.',
  },
} as const satisfies NonNullable<Components['securitySchemes']>

type Requirement = Partial<Record<keyof typeof securitySchemes, string[]>>

/** Which schemes an operation takes, any one of them; none for public ones. */
export const securityOf: Record<Access, Requirement[]> = {
  public: [],
  credential: [{ apiKey: [] }, { bearer: [] }, { session: [] }],
  session: [{ session: [] }, { bearer: [] }],
}
