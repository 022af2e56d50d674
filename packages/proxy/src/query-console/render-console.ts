import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { EngineName } from '../query/query-engine.ts'
import { escapeHtml, pageStyle, renderLayout } from '../serve/pages/page-layout.ts'

export interface ConsoleOptions {
  readonly shareName: string
  readonly workspaceName: string
  readonly engine: EngineName
  readonly mayWrite: boolean
  readonly expiresAtMs: number | null
}

export interface ConsolePage {
  readonly html: string
  /** The Content-Security-Policy under which the page works, and nothing else does. */
  readonly policy: string
}

interface EngineWords {
  readonly name: string
  readonly placeholder: string
  readonly example: string
}

const engines: Readonly<Record<EngineName, EngineWords>> = {
  postgresql: {
    name: 'PostgreSQL',
    placeholder: 'SELECT …',
    example: `SELECT table_schema, table_name FROM information_schema.tables
WHERE table_schema NOT IN ('pg_catalog', 'information_schema') LIMIT 50`,
  },
  mysql: { name: 'MySQL', placeholder: 'SELECT …', example: 'SHOW TABLES' },
  mongodb: { name: 'MongoDB', placeholder: 'db.collection.find({ … })', example: 'db.getCollectionNames()' },
  redis: { name: 'Redis', placeholder: 'GET key', example: 'SCAN 0 COUNT 100' },
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
// One script: what the files import of each other is in it, and nothing is fetched.
const script = ['present-values.js', 'console.js']
  .map(read)
  .join('\n')
  .replaceAll(/^import .*\n|^export /gm, '')
const style = pageStyle + read('console.css')
const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const policy = [
  "default-src 'none'",
  `script-src ${sourceOf(script)}`,
  `style-src ${sourceOf(style)}`,
  // Heights and the like are set by the script; no markup carries a style.
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The page on which a person asks a shared database. It loads no asset, and every text in it is escaped. */
export function renderConsole(options: ConsoleOptions): ConsolePage {
  const words = engines[options.engine]
  const html = renderLayout({
    title: `${options.shareName} · ${words.name}`,
    head: `<style>${style}</style>`,
    main: `${renderHeader(options, words)}
${renderForm(words)}
${renderResult(words)}
<script type="module">${script}</script>`,
  })
  return { html, policy }
}

function renderHeader(
  { shareName, workspaceName, mayWrite, expiresAtMs }: ConsoleOptions,
  words: EngineWords,
): string {
  const mode = mayWrite
    ? '<li class="badge writes">reads and writes</li>'
    : '<li class="badge safe">read-only</li>'
  const end = expiresAtMs === null ? '' : `<li>· until ${escapeHtml(shownTime(expiresAtMs))}</li>`
  return `<header><h1>${escapeHtml(shareName)}</h1>
<ul class="facts"><li class="badge">${words.name}</li>${mode}<li>shared by ${escapeHtml(workspaceName)}</li>${end}</ul></header>`
}

function shownTime(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function renderForm({ placeholder }: EngineWords): string {
  return `<form id="form" class="ask" data-url="query" aria-label="Query">
<textarea id="query" name="query" aria-label="Query" placeholder="${escapeHtml(placeholder)}" maxlength="10000" rows="4"
 spellcheck="false" autocomplete="off" autocapitalize="off" autocorrect="off"></textarea>
<div class="bar"><span class="keys"><kbd>Ctrl</kbd> <kbd>Enter</kbd> runs · <kbd>Alt</kbd> <kbd>↑</kbd> earlier queries · <kbd>Esc</kbd> stops</span>
<button id="run">Run</button></div>
</form>`
}

function renderResult({ example }: EngineWords): string {
  return `<section id="problem" role="alert" hidden><p id="problem-text"></p><pre id="problem-place" hidden></pre><p id="problem-more"></p></section>
<section id="result" aria-live="polite" hidden>
<div class="tools"><p id="summary"></p>
<button type="button" class="plain" id="as-table" aria-pressed="true">Table</button>
<button type="button" class="plain" id="as-json" aria-pressed="false">JSON</button>
<button type="button" class="plain" id="copy">Copy JSON</button>
<button type="button" class="plain" id="csv">Download CSV</button></div>
<p class="notice" id="truncated" hidden>There is more than is shown here: an answer has at most 1,000 rows and 5 MB. Ask for less, or for the next part.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Result">
<div id="table-view"><table><thead id="head"></thead><tbody id="body"></tbody></table><p id="empty" hidden>No rows.</p></div>
<pre id="json-view" hidden></pre></div>
</section>
<section id="welcome"><p>Ask the database. For a first look:</p><button type="button" class="plain" id="example">${escapeHtml(example)}</button></section>
<section id="past" hidden><h2>Asked on this page</h2><ol id="history" reversed></ol></section>
<dialog id="whole"><pre id="value"></pre><form method="dialog"><button class="plain">Close</button></form></dialog>
<footer>Every query is recorded, with its text and your address, for the owner of this database.</footer>`
}
