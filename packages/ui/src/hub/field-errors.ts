import { describeFailure } from './hub-client.ts'

const none: Record<string, string> = {}
const known = new WeakMap<object, Record<string, string>>()

/**
 * What the hub found wrong with an input, by the name of the field that it belongs to. One object for one error: a form takes
 * another object for new errors, and would show them again after every key that is pressed.
 */
export function fieldErrors(error: Error | null): Record<string, string> {
  if (error === null) return none
  const before = known.get(error)
  if (before !== undefined) return before
  const { issues } = describeFailure(error)
  const found = Object.fromEntries(issues.map(({ path, message }) => [fieldOf(path), message]))
  known.set(error, found)
  return found
}

/** Whether everything that the hub found wrong is said beside one of these fields. */
export function areBesideFields(error: Error, fields: readonly string[]): boolean {
  const { issues } = describeFailure(error)
  return issues.length > 0 && issues.every(({ path }) => fields.includes(fieldOf(path)))
}

const fieldOf = (path: string): string => path.split('.')[0] ?? ''
