import type { ErrorBody, ErrorCode } from '@private-connect/errors'

interface Wording {
  readonly heading: string
  readonly text: string
  /** The page asks again by itself after this many seconds: what is wrong may mend itself. */
  readonly retryEverySeconds?: number
}

/** What a visitor, who knows nothing of hubs and agents, is told; other codes show their own title and sentence. */
const wordings: Partial<Record<ErrorCode, Wording>> = {
  'share.not_found': {
    heading: 'This link leads nowhere',
    text: 'Check that it was copied whole, or ask whoever sent it for a new one.',
  },
  'share.inactive': {
    heading: 'This link is no longer available',
    text: 'It has expired or was taken back. Ask whoever sent it for a new one.',
  },
  'share.path_not_allowed': {
    heading: 'This part is not shared',
    text: 'The link opens other pages of this app, but not this one.',
  },
  'agent.offline': {
    heading: 'Back soon',
    text: 'The computer that shares this app is offline at the moment. This page tries again by itself.',
    retryEverySeconds: 5,
  },
  'hub.draining': {
    heading: 'Back in a moment',
    text: 'The hub is restarting. This page tries again by itself.',
    retryEverySeconds: 3,
  },
  'upstream.refused': {
    heading: 'The app is not running',
    text: 'The link works, but nothing answers behind it yet. This page tries again by itself.',
    retryEverySeconds: 5,
  },
  'upstream.timeout': {
    heading: 'The app takes too long',
    text: 'The link works, but the app behind it did not answer in time. Try again in a moment.',
  },
}

/** A page that says what happened and works without any asset or script; every text in it is escaped. */
export function renderErrorPage(body: ErrorBody): string {
  const wording = wordings[body.code] ?? { heading: body.error, text: body.message }
  const wait = body.retryAfter === undefined ? '' : `<p>Try again in ${body.retryAfter} seconds.</p>`
  const retry = wording.retryEverySeconds
  const refresh = retry === undefined ? '' : `<meta http-equiv="refresh" content="${retry}">\n`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${escapeHtml(wording.heading)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(wording.heading)}</h1>
<p>${escapeHtml(wording.text)}</p>
${wait}
<footer>${body.statusCode} · ${escapeHtml(body.code)} · ${escapeHtml(body.requestId)}<br>Shared with Private Connect</footer>
</main>
</body>
</html>
`
}

const style = `
:root { color-scheme: light dark }
* { box-sizing: border-box }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1.5rem; font: 1rem/1.55 system-ui, sans-serif;
  background: light-dark(#f6f7f9, #101418); color: light-dark(#17202a, #e8edf2) }
main { width: min(32rem, 100%); padding: clamp(1.5rem, 5vw, 2.5rem); border-radius: 1rem;
  background: light-dark(#fff, #181e25); border: 1px solid light-dark(#dde2e8, #2b343e) }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25 }
p { margin: 0 0 .75rem; color: light-dark(#4b5763, #a9b5c1) }
footer { margin-top: 1.75rem; font-size: .8rem; overflow-wrap: anywhere; color: light-dark(#5a6673, #93a1af) }
`

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
