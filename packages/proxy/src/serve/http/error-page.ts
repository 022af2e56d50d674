import type { ErrorBody } from '@private-connect/errors'

/** A page that says what happened and works without any asset; every text in it is escaped. */
export function renderErrorPage(body: ErrorBody): string {
  const retry = body.retryAfter === undefined ? '' : `<p>Try again in ${body.retryAfter} seconds.</p>`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(body.error)}</title>
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:20vh auto;padding:0 1rem}small{opacity:.7}</style>
</head>
<body>
<main>
<h1>${escapeHtml(body.error)}</h1>
<p>${escapeHtml(body.message)}</p>
${retry}
<p><small>${body.statusCode} · ${escapeHtml(body.code)} · ${escapeHtml(body.requestId)}</small></p>
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
