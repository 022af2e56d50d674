import { createHash } from 'node:crypto'
import type { ErrorBody } from '@private-connect/errors'
import { escapeHtml, pageStyle, renderLayout } from './page-layout.ts'
import { renderSign } from './signs.ts'
import { countdownScript, retryScript } from './visitor-script.ts'
import { visitorStyle } from './visitor-style.ts'
import { wordingOf, type Wording } from './wording.ts'

export interface ErrorPageOptions {
  /** Seconds until the visitor may try again, if that is known. */
  readonly retryAfterSeconds?: number | undefined
  /** Between 0 and 1; spreads the visitors whose browsers run no script. */
  readonly random?: () => number
}

export interface ErrorPage {
  readonly html: string
  /** The Content-Security-Policy under which the page works, and nothing else does. */
  readonly policy: string
}

type Script = 'retry' | 'countdown' | 'none'

const style = pageStyle + visitorStyle
const scripts: Readonly<Record<Script, string>> = {
  retry: retryScript,
  countdown: countdownScript,
  none: '',
}
const policies: Readonly<Record<Script, string>> = {
  retry: createPolicy(retryScript),
  countdown: createPolicy(countdownScript),
  none: createPolicy(''),
}

/** A page that says what happened and what happens next; it loads no asset, and every text in it is escaped. */
export function renderErrorPage(body: ErrorBody, options: ErrorPageOptions = {}): ErrorPage {
  const wording = wordingOf(body.code) ?? { heading: body.error, text: body.message, sign: 'unknown' }
  const script = chooseScript(wording, options.retryAfterSeconds)
  const html = renderLayout({
    title: wording.heading,
    head: `<style>${style}</style>${renderRefresh(wording, options.random ?? Math.random)}`,
    main: `${renderSign(wording.sign)}
<h1>${escapeHtml(wording.heading)}</h1>
<p>${escapeHtml(body.code === 'share.not_web' ? body.message : wording.text)}</p>
${renderNext(script, wording, options.retryAfterSeconds)}
<footer>${body.statusCode} · ${escapeHtml(body.code)}<br>${escapeHtml(body.requestId)}</footer>
${script === 'none' ? '' : `<script>${scripts[script]}</script>`}`,
  })
  return { html, policy: policies[script] }
}

function chooseScript(wording: Wording, retryAfterSeconds: number | undefined): Script {
  if (wording.retrySeconds !== undefined) return 'retry'
  return retryAfterSeconds === undefined ? 'none' : 'countdown'
}

/** Without scripts the browser loads the page anew by itself, each visitor's at another time. */
function renderRefresh({ retrySeconds }: Wording, random: () => number): string {
  if (retrySeconds === undefined) return ''
  const seconds = Math.round((retrySeconds + 10) * (1 + random()))
  return `\n<noscript><meta http-equiv="refresh" content="${seconds}"></noscript>`
}

function renderNext(script: Script, wording: Wording, retryAfterSeconds = 0): string {
  const again = '<p class="actions"><a class="button" href="">Try again</a></p>'
  if (script === 'retry') {
    const next = 'This page tries again by itself.'
    return `<p class="next trying" id="retry" data-seconds="${wording.retrySeconds}">${next}</p>\n${again}`
  }
  if (script === 'countdown') {
    const wait = retryAfterSeconds === 1 ? '1 second' : `${retryAfterSeconds} seconds`
    const left = `<time id="left" data-seconds="${retryAfterSeconds}">${wait}</time>`
    return `<p class="next"><span>Try again in ${left}.</span></p>\n${again}`
  }
  return wording.sign === 'late' || wording.sign === 'unplugged' ? again : ''
}

function createPolicy(script: string): string {
  const runs = script === '' ? '' : ` script-src ${hashOf(script)}; connect-src 'self';`
  return `default-src 'none'; style-src ${hashOf(style)};${runs} base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}
