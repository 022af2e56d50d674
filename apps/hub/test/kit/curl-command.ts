/** A curl command of the documentation as the request that it makes; `replace` puts real values in. */
export function readCurl(command: string, replace: (text: string) => string) {
  const url = /https:\/\/[^\s"'\\]+/.exec(command)?.[0] ?? ''
  const headers = [...command.matchAll(/-H "([^":]+): ([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name.toLowerCase(), replace(value)] as const,
  )
  const body = /-d '([^']*)'/.exec(command)?.[1]
  const method = /-X (\w+)/.exec(command)?.[1] ?? 'GET'
  return {
    // The documentation's host is not ours; its paths are.
    path: replace(url.replace(/^https:\/\/[^/]+/, '')),
    init: {
      method,
      headers: Object.fromEntries(headers),
      ...(body === undefined ? {} : { body: replace(body) }),
    },
  }
}
