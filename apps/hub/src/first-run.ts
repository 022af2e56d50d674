import type { HubUrls } from './env.ts'

interface Greeting extends HubUrls {
  /** One-time sign-in token of the local owner; only on the embedded default. */
  readonly signInToken?: string
  readonly apiKey?: string
}

/** What `npm start` shows a person: where the hub listens, how to sign in, and the line to type next. */
export function formatGreeting(greeting: Greeting): string {
  const { hubUrl, linkUrl, shareDomain, signInToken, apiKey } = greeting
  const hub = hubUrl === 'http://127.0.0.1:7300' ? '' : ` --hub ${hubUrl}`
  const rows: Array<readonly [label: string, value: string]> = [['Hub', hubUrl]]
  rows.push([
    'Links',
    shareDomain === null ? `${linkUrl}/shared/…` : `${schemeOf(linkUrl)}://share-tok-….${shareDomain}/`,
  ])
  if (signInToken !== undefined) rows.push(['Sign in (once)', `${hubUrl}/signin#${signInToken}`])
  if (apiKey === undefined) rows.push(['API key', 'npm run api-key (for scripts)'])
  else rows.push(['API key', apiKey])
  // A key that is at hand needs no browser; without one, this machine is let in by the browser that signed in above.
  const share = `npx private-connect share 3000${hub}`
  const login = `npx private-connect login${hub}`
  rows.push([
    'Share a port',
    apiKey === undefined ? `${login} && ${share}` : `PRIVATE_CONNECT_API_KEY=${apiKey} ${share}`,
  ])
  const width = Math.max(...rows.map(([label]) => label.length))
  const lines = rows.map(([label, value]) => `  ${label.padEnd(width)}   ${value}`)
  return `\nPrivate Connect is running.\n\n${lines.join('\n')}\n\nCtrl-C stops it.\n\n`
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(':'))
}
