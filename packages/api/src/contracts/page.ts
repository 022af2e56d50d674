import { z } from 'zod'

/** What every list takes. `cursor` is opaque: the value that the last page's `Link` header or `nextCursor` gave. */
export const pageInput = z.strictObject({
  limit: z
    .int({ error: 'Must be a whole number from 1 to 100' })
    .min(1, 'Must be at least 1')
    .max(100, 'Must be at most 100')
    .default(50)
    .meta({ description: 'How many entries one page has.' }),
  cursor: z
    .string()
    .regex(/^[\w-]{1,256}$/, { error: 'Must be the cursor of a previous answer' })
    .optional()
    .meta({ description: 'Where the page begins: the cursor of the previous answer.' }),
})

/** One page of a list, newest first unless the operation says otherwise; `nextCursor` is null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

export const success = z.object({ success: z.literal(true) })
