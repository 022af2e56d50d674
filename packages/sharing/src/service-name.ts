const lengthMax = 100
/** Room for `-65535` and a suffix. */
const hostLengthMax = 80

/** A service name (`^[\w-]{1,100}$`) from any text: what does not fit becomes `-`. Empty text becomes `app`. */
export function sanitizeServiceName(text: string, max = lengthMax): string {
  const fitting = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\w-]+/g, '-')
  const trimmed = fitting.slice(0, max).replaceAll(/^-+|-+$/g, '')
  return trimmed === '' ? 'app' : trimmed
}

/** `myhost-3000`: two machines that share the same port get different names. */
export function defaultServiceName(hostName: string, port: number): string {
  const [firstLabel = ''] = hostName.split('.')
  return `${sanitizeServiceName(firstLabel, hostLengthMax)}-${port}`
}

/** Names to try in turn when another agent has the first one: `app`, `app-2` … `app-9`, then a random end. */
export function listCandidateNames(name: string, randomEnd: string): string[] {
  const withEnd = (end: string): string => `${name.slice(0, lengthMax - end.length - 1)}-${end}`
  return [name, ...['2', '3', '4', '5', '6', '7', '8', '9', randomEnd].map(withEnd)]
}
