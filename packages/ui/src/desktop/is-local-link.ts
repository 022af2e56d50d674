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

/** Whether what is sent to a hub at this address can be read by others on its way. */
export function isReadableOnItsWay(hubUrl: string): boolean {
  return URL.parse(hubUrl)?.protocol === 'http:' && !isLocalLink(hubUrl)
}
