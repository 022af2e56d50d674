import { createHash } from 'node:crypto'
import type { AppError } from '@private-connect/errors'
import { invalidRequest } from '../errors/to-api-error.ts'

/**
 * A cursor is `<position><check>` in base64url. The check binds it to one list of one workspace, so a cursor
 * that was altered, or taken from elsewhere, is a 400 and never a page of something else.
 */
export function encodeCursor(list: string, position: string): string {
  return Buffer.from(`${position}:${check(list, position)}`).toString('base64url')
}

/** The position that `encodeCursor` put in; throws `request.invalid`. */
export function decodeCursor(list: string, cursor: string): string {
  const [position = ''] = Buffer.from(cursor, 'base64url').toString().split(':')
  if (position !== '' && encodeCursor(list, position) === cursor) return position
  throw invalidCursor()
}

function check(list: string, position: string): string {
  return createHash('sha256').update(`cursor:${list}:${position}`).digest('base64url').slice(0, 12)
}

export function invalidCursor(): AppError {
  return invalidRequest([{ path: 'cursor', message: 'Must be the cursor of a previous answer' }])
}
