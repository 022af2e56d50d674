import type { AppError } from '@private-connect/errors'
import type { Visit } from '../visit.ts'

/** One rule: null lets the request go on to the next rule, an error is the answer. */
export type Policy = (visit: Visit) => AppError | null | Promise<AppError | null>
