/** The different values that a Cookie header has for a name, in their order; several where someone mixes them. */
export function readCookieValues(header: string, name: string): string[] {
  const values = new Set<string>()
  for (const pair of header.split(';')) {
    const [key, ...rest] = pair.split('=')
    if (key?.trim() === name) values.add(rest.join('=').trim())
  }
  return [...values]
}
