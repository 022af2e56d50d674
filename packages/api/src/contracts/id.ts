import { z } from 'zod'

/**
 * An id of this API (`share_…`). Any word is taken and answered 404 when unknown, so that a caller cannot
 * tell another workspace's id from a made-up one.
 */
export function idOf(
  prefix:
    | 'user'
    | 'ws'
    | 'key'
    | 'agent'
    | 'svc'
    | 'share'
    | 'log'
    | 'sid'
    | 'aud'
    | 'qry'
    | 'evt'
    | 'hook'
    | 'dlv',
) {
  return z
    .string()
    .regex(/^[\w-]{1,64}$/, { error: `Must be an id such as ${prefix}_…` })
    .meta({ examples: [`${prefix}_01kq3v7d2m8x5f9b4n6c0h1jtw`] })
}

/** A moment as ISO 8601 in UTC, the only form in which the API shows times. */
export const isoTime = z.iso.datetime({ precision: 3 })
