/** A field: nothing at all is null, else quoted and plain stretches; inside quotes `""` is a quote, `\` takes what follows. */
const fieldPattern = /((?:"(?:[^"\\]|""|\\[^])*"|\\[^]|[^",()\\])*)([,)])/y

/** Reads a row's text, `(1,"a ""b""",)`, into its fields; an empty place is null. Throws on a text that is no row. */
export function readComposite(text: string): (string | null)[] {
  const fields: (string | null)[] = []
  fieldPattern.lastIndex = 1
  for (;;) {
    const match = text.startsWith('(') ? fieldPattern.exec(text) : null
    if (match === null) throw new Error('Not the text of a row')
    const [, field = '', end] = match
    fields.push(field === '' ? null : unquote(field))
    if (end === ',') continue
    if (fieldPattern.lastIndex !== text.length) throw new Error('Not the text of a row')
    return fields
  }
}

function unquote(field: string): string {
  return field.replaceAll(
    /"((?:[^"\\]|""|\\[^])*)"|\\([^])/g,
    (_part, quoted: string | undefined, escaped: string | undefined) =>
      quoted?.replaceAll(/(["\\])([^])/g, '$2') ?? escaped ?? '',
  )
}
