/** Where the command line looks when it is not told where the hub is. */
const defaultOrigins = new Set(['http://127.0.0.1:7300', 'http://localhost:7300'])

/** What is typed on a machine to share a port of it by this hub; the page's origin is the hub's own where it is a web page's. */
export function writeShareCommands(origin: string): string {
  const isDefault = defaultOrigins.has(origin) || !/^https?:/.test(origin)
  const hub = isDefault ? '' : ` --hub ${origin}`
  return `npx private-connect login${hub}\nnpx private-connect share 3000${hub}`
}
