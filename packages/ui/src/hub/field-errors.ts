import { describeFailure } from './hub-client.ts'

/** What the hub found wrong with an input, by the name of the field that it belongs to. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (error === null || error === undefined) return {}
  const { issues } = describeFailure(error)
  return Object.fromEntries(issues.map(({ path, message }) => [path.split('.')[0] ?? '', message]))
}
