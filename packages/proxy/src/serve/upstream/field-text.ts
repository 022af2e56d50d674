/** What each byte may be part of: 1 a field name (RFC 9110 token), 2 a field value or reason (no control but tab). */
const kinds = new Uint8Array(256).map((_, code) => {
  const isToken = /[!#$%&'*+\-.^_`|~\dA-Za-z]/.test(String.fromCharCode(code))
  const isValue = code === 0x09 || (code >= 0x20 && code !== 0x7f)
  return (isToken ? 1 : 0) | (isValue ? 2 : 0)
})

/** Whether text[from, to) is a field name; at least one character. Texts are latin1. */
export function isFieldName(text: string, from: number, to: number): boolean {
  return from < to && isOfKind(text, from, to, 1)
}

/** Whether text[from, to) may be a field's value: printable ASCII, tabs and bytes above ASCII. */
export function isFieldValue(text: string, from: number, to: number): boolean {
  return isOfKind(text, from, to, 2)
}

function isOfKind(text: string, ...[from, to, kind]: [from: number, to: number, kind: number]): boolean {
  for (let at = from; at < to; at += 1) {
    if (((kinds[text.charCodeAt(at)] ?? 0) & kind) === 0) return false
  }
  return true
}
