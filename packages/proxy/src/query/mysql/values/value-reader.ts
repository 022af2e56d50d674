import type { TypeCast } from 'mysql2'
import { binaryCharset, columnType, type ColumnDefinition } from './column-type.ts'
import { parseLosslessJson } from './lossless-json.ts'
import { readTemporal, readTemporalText } from './temporal-values.ts'

type Field = Parameters<Exclude<TypeCast, boolean>>[0]

/** Values of one session's results, as they will be in JSON. */
export interface ValueReader {
  readonly typeCast: Exclude<TypeCast, boolean>
  /** Whose rows follow, and in which protocol. */
  expect(columns: readonly ColumnDefinition[], protocol: 'binary' | 'text'): void
}

/** The driver asks for each value of each row in turn, also for NULL, without telling the column's number. */
export function createValueReader(): ValueReader {
  let columns: readonly ColumnDefinition[] = []
  let protocol: 'binary' | 'text' = 'text'
  let at = 0
  return {
    expect(next, nextProtocol) {
      columns = next
      protocol = nextProtocol
      at = 0
    },
    typeCast(field, next) {
      const column = columns[at]
      at = (at + 1) % Math.max(columns.length, 1)
      if (column === undefined) return null
      return protocol === 'binary' ? readBinary(column, field, next) : readText(column, field)
    },
  }
}

type Form = 'number' | 'float' | 'text' | 'temporal'

/** Types that are neither texts nor bytes. */
const forms: ReadonlyMap<number, Form> = new Map<number, Form>([
  [columnType.tiny, 'number'],
  [columnType.short, 'number'],
  [columnType.long, 'number'],
  [columnType.int24, 'number'],
  [columnType.year, 'number'],
  [columnType.double, 'number'],
  [columnType.float, 'float'],
  // As text, since a double cannot hold them.
  [columnType.longlong, 'text'],
  [columnType.decimal, 'text'],
  [columnType.newdecimal, 'text'],
  [columnType.null, 'text'],
  [columnType.date, 'temporal'],
  [columnType.newdate, 'temporal'],
  [columnType.datetime, 'temporal'],
  [columnType.timestamp, 'temporal'],
  [columnType.time, 'temporal'],
])

function readBinary(column: ColumnDefinition, field: Field, next: () => unknown): unknown {
  const form = forms.get(column.columnType)
  if (form === 'number') return finite(next())
  if (form === 'float') return shortestFloat(next())
  if (form === 'text') return next()
  const bytes = field.buffer()
  if (bytes === null) return null
  return form === 'temporal' ? readTemporal(bytes, column) : readBytes(column, bytes)
}

function readText(column: ColumnDefinition, field: Field): unknown {
  const bytes = field.buffer()
  if (bytes === null) return null
  const form = forms.get(column.columnType)
  if (form === undefined) return readBytes(column, bytes)
  const text = bytes.toString('latin1')
  if (form === 'temporal') return readTemporalText(text, column)
  return form === 'text' ? text : finite(Number(text))
}

function readBytes(column: ColumnDefinition, bytes: Buffer): unknown {
  const { columnType: type } = column
  if (type === columnType.json || column.extendedFormat === 'json')
    return parseLosslessJson(bytes.toString('utf8'))
  const isBinary =
    type === columnType.bit ||
    type === columnType.geometry ||
    type === columnType.vector ||
    column.characterSet === binaryCharset
  return bytes.toString(isBinary ? 'base64' : 'utf8')
}

function finite(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

/** A FLOAT as the shortest number that is the same float: 0.1, not 0.10000000149011612. */
function shortestFloat(value: unknown): unknown {
  if (typeof value !== 'number' || !Number.isFinite(value)) return finite(value)
  for (let precision = 6; precision < 9; precision += 1) {
    const short = Number(value.toPrecision(precision))
    if (Math.fround(short) === value) return short
  }
  return value
}
