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
    query: z
      .object({
        databaseCode: z.string().nullable().meta({ description: 'SQLSTATE, number or name of the error.' }),
        position: z.int().nullable().meta({ description: 'Where in the query, in characters from 1.' }),
        hint: z.string().nullable(),
      })
      .optional()
      .meta({ description: 'With query.refused and query.failed: what is wrong with the query.' }),
    retryAfter: z.number().optional().meta({ description: 'With 429: seconds to wait.' }),
  })
  .meta({ id: 'Error' })
