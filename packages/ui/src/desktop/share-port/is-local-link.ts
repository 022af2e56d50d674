/** Whether a link leads to the machine that it is opened on, where a phone finds nothing. */
export function isLocalLink(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? ''
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(host)
  )
}
