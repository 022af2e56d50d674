import { randomUUID } from 'node:crypto'

/** A new id for one request; callers quote it, the log has it. An id that the caller sends is never taken over. */
export function newRequestId(): string {
  // Node draws the bytes of many UUIDs at once; asking the system for each was a twentieth of a read's cost.
  return `req_${randomUUID().replaceAll('-', '')}`
}
