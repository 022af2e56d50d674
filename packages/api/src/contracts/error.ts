import { z } from 'zod'

/** The body of every error answer (SPEC §3). */
export const errorBody = z
  .object({
    error: z.string().meta({ description: 'Short type of the error.' }),
    message: z.string().meta({ description: 'A sentence for the caller.' }),
    statusCode: z.int(),
    code: z.string().meta({ description: 'What programs should branch on; docs/errors.md lists all.' }),
    requestId: z.string(),
    issues: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'With request.invalid: what to change, field by field.' }),
    retryAfter: z.number().optional().meta({ description: 'With 429: seconds to wait.' }),
  })
  .meta({ id: 'Error' })
