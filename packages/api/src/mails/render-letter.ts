import { escapeHtml } from './escape-html.ts'

/** What every mail of the hub consists of; plain text only, the rendering escapes it. */
export interface Letter {
  readonly title: string
  /** The line that a mailbox shows beside the subject. */
  readonly preview: string
  readonly paragraphs: readonly string[]
  readonly button: { readonly label: string; readonly url: string }
  /** Under the button: how long it works, what to do when one did not ask for it. */
  readonly notes: readonly string[]
  /** The hub that writes, as people know it. */
  readonly hub: string
}

export function renderText({ title, paragraphs, button, notes, hub }: Letter): string {
  return [title, ...paragraphs, `${button.label}:\n${button.url}`, ...notes, `-- \nPrivate Connect, ${hub}`]
    .join('\n\n')
    .concat('\n')
}

/**
 * HTML that mail programs of all ages show: tables for the frame, styles on the elements, no image, no tracking. The
 * one style sheet only turns the colours over in the dark; a program that drops it shows the light ones.
 */
export function renderHtml({ title, preview, paragraphs, button, notes, hub }: Letter): string {
  const url = escapeHtml(button.url)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${darkStyles}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f6f7f9">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">${escapeHtml(preview)}</div>
<table role="presentation" class="ground" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f6f7f9">
<tr><td align="center" style="padding:40px 16px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:520px;background:#ffffff;border:1px solid #dde2e8;border-radius:16px">
<tr><td style="padding:36px 36px 32px;font-family:${fonts}">
<p class="accent" style="${brandStyle}">Private Connect</p>
<h1 class="ink" style="margin:0 0 16px;color:#17202a;font-size:24px;line-height:1.3;font-weight:700">${escapeHtml(title)}</h1>
${paragraphs.map((text) => paragraph(text, 'ink')).join('\n')}
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:28px 0">
<tr><td class="button" style="border-radius:10px;background:#0b6bcb">
<a class="button-label" href="${url}" style="${buttonStyle}">${escapeHtml(button.label)}</a>
</td></tr>
</table>
${notes.map((text) => paragraph(text, 'soft')).join('\n')}
<p class="soft" style="margin:20px 0 0;color:#5a6673;font-size:12px;line-height:1.5">If the button does nothing, open this address:<br><a class="accent" href="${url}" style="color:#0b6bcb;word-break:break-all">${url}</a></p>
</td></tr>
</table>
<p class="soft" style="margin:20px 0 0;color:#5a6673;font-family:${fonts};font-size:12px;line-height:1.5">Sent by the Private Connect hub at ${escapeHtml(hub)}</p>
</td></tr>
</table>
</body>
</html>
`
}

const fonts = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const brandStyle = 'margin:0 0 24px;color:#0b6bcb;font-size:14px;line-height:1.4;font-weight:700'
const buttonStyle =
  'display:inline-block;padding:14px 28px;color:#ffffff;font-size:16px;line-height:1.2;font-weight:600;' +
  'text-decoration:none;border-radius:10px'
const darkStyles = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.ground{background:#101418!important}
.card{background:#181e25!important;border-color:#2b343e!important}
.ink{color:#e8edf2!important}
.soft{color:#9aa7b4!important}
.accent{color:#5aa9f5!important}
.button{background:#5aa9f5!important}
.button-label{color:#07131f!important}
}`

const paragraphStyles = {
  ink: 'color:#17202a;font-size:16px',
  soft: 'color:#5a6673;font-size:14px',
} as const

function paragraph(text: string, name: keyof typeof paragraphStyles): string {
  return `<p class="${name}" style="margin:0 0 12px;${paragraphStyles[name]};line-height:1.55">${escapeHtml(text)}</p>`
}
