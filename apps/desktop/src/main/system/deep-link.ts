/** The app's own scheme: other programs, and any web page, may ask it to show a screen. */
export const deepLinkScheme = 'privateconnect'

const screens = ['shares', 'share', 'activity', 'services', 'agents', 'keys', 'webhooks', 'settings'] as const

/** Link → path of the window: a fixed list, since anybody can write links. They show screens and never do anything. */
const links = new Map<string, string>([
  [`${deepLinkScheme}://open`, '/'],
  ...screens.map((screen) => [`${deepLinkScheme}://${screen}`, `/${screen}`] as const),
])
const shareLink = /^privateconnect:\/\/shares\/(share_[\da-z]{1,40})$/

/** The window's path that a link asks for; null where it is no link of ours, to the letter. */
export function readDeepLink(link: string): string | null {
  // Some systems end a link that has no path with a slash.
  const plain = link.replace(/\/$/, '')
  const shareId = shareLink.exec(plain)?.[1]
  return shareId === undefined ? (links.get(plain) ?? null) : `/shares/${shareId}`
}

/** The path that a start's arguments ask for: systems append the link, Chromium its own switches. */
export function findDeepLink(argv: readonly string[]): string | null {
  const link = argv.findLast((argument) => argument.startsWith(`${deepLinkScheme}:`))
  return link === undefined ? null : readDeepLink(link)
}
