import { z } from 'zod'

// The second character decides: `//host` and `/\host` are other sites to a browser. No fragment, since the link that
// carries the path has its token there.
const pathOfHub = /^\/(?![/\\])[\w.~!$'()*+,;:@/?&=%-]*$/

/** Where a page of the hub leads to next: a path on the hub itself, never another site. */
export const hubPath = z
  .string()
  .max(512, 'Must have at most 512 characters')
  .regex(pathOfHub, 'Must be a path on this hub such as /device')
