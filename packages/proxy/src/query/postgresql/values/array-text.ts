type ArrayItem = string | number | boolean | null | undefined | object

/** A PostgreSQL array's text: `{1,"a b",NULL,{2}}`. Objects become JSON. */
export function arrayLiteral(items: readonly unknown[]): string {
  return `{${items.map((item) => arrayItem(item as ArrayItem)).join(',')}}`
}

function arrayItem(item: ArrayItem): string {
  if (item === null || item === undefined) return 'NULL'
  if (Array.isArray(item)) return arrayLiteral(item)
  const text = typeof item === 'object' ? JSON.stringify(item) : String(item)
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}

interface ArrayReader {
  readonly text: string
  readonly delimiter: string
  at: number
}

/**
 * Reads an array's text into arrays of what `decode` makes of its elements; bounds that do not begin at 1
 * (`[0:1]={…}`) are dropped. Throws on a text that is no array.
 */
export function readArray(text: string, decode: (item: string) => unknown, delimiter = ','): unknown[] {
  const start = text.startsWith('[') ? text.indexOf('=') + 1 : 0
  const reader: ArrayReader = { text, delimiter, at: start }
  const result = readItems(reader, decode)
  if (reader.at !== text.length) throw new Error('Not the text of an array')
  return result
}

function readItems(reader: ArrayReader, decode: (item: string) => unknown): unknown[] {
  const items: unknown[] = []
  expect(reader, '{')
  if (reader.text[reader.at] === '}') {
    reader.at += 1
    return items
  }
  for (;;) {
    items.push(reader.text[reader.at] === '{' ? readItems(reader, decode) : readItem(reader, decode))
    if (reader.text[reader.at] !== reader.delimiter) break
    reader.at += 1
  }
  expect(reader, '}')
  return items
}

function readItem(reader: ArrayReader, decode: (item: string) => unknown): unknown {
  if (reader.text[reader.at] === '"') return decode(readQuoted(reader))
  const start = reader.at
  while (reader.at < reader.text.length && !isEnd(reader)) reader.at += 1
  const word = reader.text.slice(start, reader.at)
  if (word === '') throw new Error('Not the text of an array')
  return word === 'NULL' ? null : decode(word)
}

function isEnd({ text, at, delimiter }: ArrayReader): boolean {
  return text[at] === delimiter || text[at] === '}'
}

function readQuoted(reader: ArrayReader): string {
  const { text } = reader
  let value = ''
  let from = reader.at + 1
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') {
      value += text.slice(from, at)
      from = at + 1
      at += 1
    } else if (text[at] === '"') {
      reader.at = at + 1
      return value + text.slice(from, at)
    }
  }
  throw new Error('Not the text of an array')
}

function expect(reader: ArrayReader, character: string): void {
  if (reader.text[reader.at] !== character) throw new Error('Not the text of an array')
  reader.at += 1
}
