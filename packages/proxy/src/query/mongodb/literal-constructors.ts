import {
  Binary,
  BSON,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb'

type Construct = (values: readonly unknown[]) => unknown

/** The shell's types, with `new` or without. Each throws for values that it does not take. */
export const constructors: Readonly<Record<string, Construct>> = {
  ObjectId: objectIdOf,
  ISODate: (values) => dateOf(values),
  Date: (values) => dateOf(values),
  NumberLong: longOf,
  Long: longOf,
  NumberInt: intOf,
  Int32: intOf,
  NumberDecimal: decimalOf,
  Decimal128: decimalOf,
  Double: doubleOf,
  Timestamp: ([t, i]) => new Timestamp({ t: Number(integerOf(t, 33)), i: Number(integerOf(i, 33)) }),
  UUID: uuidOf,
  BinData: ([subtype, base64]) => binaryOf(Number(integerOf(subtype, 9)), base64),
  RegExp: ([pattern, flags = '']) => new BSONRegExp(textOf(pattern), flagsOf(textOf(flags))),
  MinKey: () => new MinKey(),
  MaxKey: () => new MaxKey(),
}

/** The same of extended JSON, as far as the driver reads them without looking whether they fit. */
export const extendedConstructors: Readonly<Record<string, Construct>> = {
  $oid: objectIdOf,
  $numberLong: longOf,
  $numberInt: intOf,
  $numberDouble: doubleOf,
  $numberDecimal: decimalOf,
  $uuid: uuidOf,
  $binary: ([value]) => {
    const { base64, subType } = (value ?? {}) as { readonly base64?: unknown; readonly subType?: unknown }
    const hex = textOf(subType)
    if (!/^[\da-f]{1,2}$/i.test(hex)) throw new TypeError('no subtype')
    return binaryOf(Number.parseInt(hex, 16), base64)
  },
}

function objectIdOf([hex]: readonly unknown[]): ObjectId {
  return new ObjectId(textOf(hex))
}

function longOf([value]: readonly unknown[]): Long {
  return Long.fromString(integerOf(value, 64))
}

function intOf([value]: readonly unknown[]): Int32 {
  return new Int32(Number(integerOf(value, 32)))
}

function decimalOf([value]: readonly unknown[]): Decimal128 {
  return Decimal128.fromString(String(scalarOf(value)))
}

function doubleOf([value]: readonly unknown[]): Double {
  const text = String(scalarOf(value))
  const number = Number(text)
  if (text.trim() === '' || (Number.isNaN(number) && text !== 'NaN')) throw new TypeError('no number')
  return new Double(number)
}

function uuidOf([text]: readonly unknown[]): UUID {
  return new UUID(textOf(text))
}

/** Whatever is no base64 would be left out without a word; a vector that is none cannot be sent, which the driver says too late. */
function binaryOf(subtype: number, base64: unknown): Binary {
  const text = textOf(base64)
  const bytes = Buffer.from(text, 'base64')
  if (subtype < 0 || bytes.toString('base64') !== text) throw new TypeError('no base64')
  const binary = new Binary(bytes, subtype)
  BSON.serialize({ binary })
  return binary
}

function dateOf(values: readonly unknown[]): Date {
  const [value] = values
  if (values.length !== 1 || (typeof value !== 'string' && typeof value !== 'number'))
    throw new TypeError('no date')
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) throw new TypeError('no date')
  return date
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text')
  return value
}

function scalarOf(value: unknown): string | number {
  if (typeof value !== 'string' && typeof value !== 'number') throw new TypeError('no number')
  return value
}

/** One that so many bits hold, with its sign: another number than the one that was written would be asked for. */
function integerOf(value: unknown, bits: number): string {
  const text = String(scalarOf(value))
  if (!/^-?\d{1,20}$/.test(text) || BigInt.asIntN(bits, BigInt(text)) !== BigInt(text)) {
    throw new TypeError('no integer')
  }
  return text
}

/** What MongoDB has; it wants them sorted. */
function flagsOf(flags: string): string {
  if (!/^[imsux]*$/.test(flags)) throw new TypeError('no flags')
  return [...new Set(flags.replace('u', ''))].sort().join('')
}
