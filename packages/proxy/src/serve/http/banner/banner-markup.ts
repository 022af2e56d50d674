import { hash } from 'node:crypto'

/** Stands in a shadow root: it cannot touch the page, and the page's own rules lose against what is important here. */
const style = `
:host{all:initial!important;position:fixed!important;inset:auto 0 0!important;z-index:2147483647!important;display:block!important;pointer-events:none!important;
--ink:#1b2733;--soft:#5b6875;--paper:#ffffffeb;--line:#1b27331f;--mark:#2f6fed;--hover:#1b273314}
@media(prefers-color-scheme:dark){:host{--ink:#edf2f7;--soft:#a6b3c0;--paper:#1a222bf0;--line:#ffffff26;--mark:#79a8ff;--hover:#ffffff1f}}
@media print{:host{display:none!important}}
dialog[open]{display:block;position:static;box-sizing:border-box;width:fit-content;max-width:calc(100% - 24px);margin:0 auto;margin-bottom:max(12px,env(safe-area-inset-bottom));padding:0;
pointer-events:auto;color:var(--ink);background:var(--paper);border:1px solid var(--line);border-radius:99px;box-shadow:0 6px 24px #0000002e;
-webkit-backdrop-filter:blur(10px);backdrop-filter:blur(10px);font:500 13px/20px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;letter-spacing:.005em}
form{display:flex;align-items:center;gap:8px;margin:0;padding:5px 5px 5px 13px}
svg{flex:none;display:block;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round}
.mark{color:var(--mark)}
p{margin:0;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;color:var(--soft)}
b,bdi{font-weight:600;color:var(--ink)}
b{white-space:nowrap}
button{flex:none;display:grid;place-items:center;width:28px;height:28px;margin:0;padding:0;border:0;border-radius:50%;background:none;color:var(--soft);cursor:pointer}
button:hover{background:var(--hover);color:var(--ink)}
button:focus-visible{outline:2px solid var(--mark);outline-offset:-2px;color:var(--ink)}
@media(max-width:480px){dialog[open]{border-radius:19px;font-size:12.5px;line-height:17px}p{white-space:normal;overflow-wrap:anywhere;text-wrap:balance}}
`.replaceAll('\n', '')

/** What a Content-Security-Policy must list for the banner. */
export const bannerStyleHash = `sha256-${hash('sha256', style, 'base64')}`

const link =
  '<svg class="mark" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="M6.6 9.4l2.8-2.8M7.4 4.6l1.5-1.5a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.6 11.4l-1.5 1.5a2.8 2.8 0 0 1-4-4l1.5-1.5"/></svg>'
const cross =
  '<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true"><path d="M3.5 3.5l7 7M10.5 3.5l-7 7"/></svg>'

const banners = new Map<string, Buffer>()
const bannersMax = 1_000

/**
 * The bar that says who shares a page; closed by a form of its own, since a script would need more of the page's policy.
 * ASCII only, so that it means the same in whatever charset the page is.
 */
export function bannerOf(workspaceName: string): Buffer {
  const known = banners.get(workspaceName)
  if (known !== undefined) return known
  const banner = Buffer.from(render(workspaceName), 'latin1')
  if (banners.size >= bannersMax) banners.clear()
  banners.set(workspaceName, banner)
  return banner
}

function render(workspaceName: string): string {
  const words = `Shared with <b>Private Connect</b> by <bdi>${escapeText(workspaceName)}</bdi>`
  return (
    `<private-connect-banner><template shadowrootmode="closed"><style>${style}</style>` +
    `<dialog open aria-label="Private Connect"><form method="dialog">${link}<p>${words}</p>` +
    `<button aria-label="Close">${cross}</button></form></dialog></template></private-connect-banner>`
  )
}

/** Control characters and those that turn the direction of the text around say nothing, and could hide something. */
const invisible = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu
const unsafe = /[&<>"'`=]|[^\x20-\x7e]/gu

function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(invisible, '')
    .replace(unsafe, (character) => `&#${character.codePointAt(0)};`)
}
