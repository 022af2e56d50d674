/**
 * A `Set-Cookie` for the visitor's side: without `Domain` (the app's host is not the share's), and in path form with
 * its `Path` below the share, so that one share's cookies never reach another or the hub.
 */
export function unmapSetCookie(value: string, prefix: string): string {
  const parts = value.split(';')
  const kept: string[] = [parts[0] ?? '']
  for (let at = 1; at < parts.length; at += 1) {
    const part = parts[at] ?? ''
    const name = attributeName(part)
    if (name === 'domain') continue
    kept.push(name === 'path' && prefix !== '' ? ` Path=${prefix}${pathOf(part)}` : part)
  }
  return kept.join(';')
}

function attributeName(part: string): string {
  const equals = part.indexOf('=')
  return (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase()
}

/** Browsers take anything that does not begin with `/` for no path at all. */
function pathOf(part: string): string {
  const path = part.slice(part.indexOf('=') + 1).trim()
  return path.startsWith('/') ? path : '/'
}
