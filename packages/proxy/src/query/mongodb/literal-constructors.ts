import {
  Binary,
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
  ObjectId: ([hex]) => new ObjectId(textOf(hex)),
  ISODate: (values) => dateOf(values),
  Date: (values) => dateOf(values),
  NumberLong: ([value]) => Long.fromString(integerOf(value)),
  Long: ([value]) => Long.fromString(integerOf(value)),
  NumberInt: ([value]) => new Int32(Number(integerOf(value))),
  Int32: ([value]) => new Int32(Number(integerOf(value))),
  NumberDecimal: ([value]) => Decimal128.fromString(String(scalarOf(value))),
  Decimal128: ([value]) => Decimal128.fromString(String(scalarOf(value))),
  Double: ([value]) => new Double(Number(scalarOf(value))),
  Timestamp: ([t, i]) => new Timestamp({ t: Number(integerOf(t)), i: Number(integerOf(i)) }),
  UUID: ([text]) => new UUID(textOf(text)),
  BinData: ([subtype, base64]) =>
    new Binary(Buffer.from(textOf(base64), 'base64'), Number(integerOf(subtype))),
  RegExp: ([pattern, flags = '']) => new BSONRegExp(textOf(pattern), flagsOf(textOf(flags))),
  MinKey: () => new MinKey(),
  MaxKey: () => new MaxKey(),
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

function integerOf(value: unknown): string {
  const text = String(scalarOf(value))
  if (!/^-?\d{1,20}$/.test(text)) throw new TypeError('no integer')
  return text
}

/** What MongoDB has; it wants them sorted. */
function flagsOf(flags: string): string {
  if (!/^[imsux]*$/.test(flags)) throw new TypeError('no flags')
  return [...new Set(flags.replace('u', ''))].sort().join('')
}
