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
  const found = Object.fromEntries(issues.map(({ path, message }) => [path.split('.')[0] ?? '', message]))
  known.set(error, found)
  return found
}
