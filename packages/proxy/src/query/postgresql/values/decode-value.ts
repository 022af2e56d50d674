import { readArray } from './array-text.ts'
import { readComposite } from './composite-text.ts'
import { isoTime } from './date-text.ts'
import { readExactJson } from './exact-json.ts'
import type { TypeCatalog } from './type-catalog.ts'
import {
  booleanType,
  byteaType,
  elementTypes,
  floatTypes,
  integerTypes,
  jsonTypes,
  textTypes,
  timeTypes,
} from './type-numbers.ts'

export type Decode = (text: string) => unknown

/** Whether the type's text can be decoded without asking the catalog. */
export function isKnownType(type: number): boolean {
  return scalarDecoder(type) !== null || elementTypes.has(type)
}

/** How a type's text becomes a JSON value that loses nothing; what is unknown stays text. */
export function decoderOf(type: number, catalog: TypeCatalog): Decode {
  const scalar = scalarDecoder(type)
  if (scalar !== null) return scalar
  const element = elementTypes.get(type)
  if (element !== undefined) return arrayDecoder(decoderOf(element, catalog), ',')
  const entry = catalog.get(type)
  if (entry === undefined) return keepText
  if (entry.baseType !== null) return decoderOf(entry.baseType, catalog)
  if (entry.elementType !== null) return arrayDecoder(decoderOf(entry.elementType, catalog), entry.delimiter)
  return entry.attributes === null ? keepText : compositeDecoder(entry.attributes, catalog)
}

function scalarDecoder(type: number): Decode | null {
  if (textTypes.has(type)) return keepText
  if (type === booleanType) return (text) => text === 't'
  if (type === byteaType) return readBytes
  if (integerTypes.has(type)) return Number
  if (floatTypes.has(type)) return readFloat
  if (timeTypes.has(type)) return isoTime
  return jsonTypes.has(type) ? readExactJson : null
}

function keepText(text: string): string {
  return text
}

/** `\x68656c6c6f` as base64. */
function readBytes(text: string): string {
  return text.startsWith('\\x') ? Buffer.from(text.slice(2), 'hex').toString('base64') : text
}

/** JSON knows no NaN, infinities or negative zero; they stay the texts that PostgreSQL takes back. */
function readFloat(text: string): number | string {
  const value = Number(text)
  return Number.isFinite(value) && !Object.is(value, -0) ? value : text
}

function arrayDecoder(decode: Decode, delimiter: string): Decode {
  return (text) => readArray(text, decode, delimiter)
}

function compositeDecoder(attributes: readonly (readonly [string, number])[], catalog: TypeCatalog): Decode {
  const decoders = attributes.map(([name, type]) => [name, decoderOf(type, catalog)] as const)
  return (text) => {
    const fields = readComposite(text)
    const row = Object.create(null) as Record<string, unknown>
    for (const [at, [name, decode]] of decoders.entries()) {
      const field = fields[at] ?? null
      row[name] = field === null ? null : decode(field)
    }
    return row
  }
}
