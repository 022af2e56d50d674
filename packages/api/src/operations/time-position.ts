import type { TimeCursor } from '@private-connect/db'
import { invalidCursor } from './cursor.ts'

/** The position of a row in a list that is in the order of its times, for `readPage`. */
export function timePositionOf({ timestamp, id }: TimeCursor): string {
  return `${timestamp.getTime()}.${id}`
}

/** Throws `request.invalid`: whoever knows a list's name can compute the check of a cursor. */
export function readTimePosition(position: string): TimeCursor {
  const [timeMs = '', id = ''] = position.split('.')
  const timestamp = new Date(/^\d+$/.test(timeMs) ? Number(timeMs) : Number.NaN)
  if (Number.isNaN(timestamp.getTime()) || id === '') throw invalidCursor()
  return { timestamp, id }
}
