import { pageStyle } from './page-style.ts'

export { pageStyle }

export interface PageParts {
  /** As text; what the browser's tab shows. */
  readonly title: string
  /** HTML behind the common head: styles and scripts. */
  readonly head: string
  /** HTML of the page itself. */
  readonly main: string
}

const brand = `<div class="brand">
<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
<path d="M9 15a4 4 0 0 1 0-6l2-2a4 4 0 0 1 6 6l-1 1" /><path d="M15 9a4 4 0 0 1 0 6l-2 2a4 4 0 0 1-6-6l1-1" />
</svg>
Private Connect
</div>`

/** Every page that the hub itself shows a person: one head, one brand. It loads nothing but what `head` names. */
export function renderLayout({ title, head, main }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
${head}
</head>
<body>
<main>
${brand}
${main}
</main>
</body>
</html>
`
}

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
