import { Binary, BSON, BSONRegExp, Decimal128, Double, Int32, Long, ObjectId, UUID } from 'mongodb'

/** A value as JSON: 64-bit integers and decimals as text, dates ISO, binary base64, ids hex; rarer types as extended JSON. */
export function toJson(value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(toJson)
  return ofScalar(value) ?? ofObject(value)
}

function ofScalar(value: object): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString()
  if (value instanceof ObjectId || value instanceof UUID) return value.toHexString()
  if (value instanceof Int32 || value instanceof Double) return toJson(value.valueOf())
  if (value instanceof Binary) return ofBinary(value)
  return ofLong(value)
}

/** A timestamp is a Long too, of which EJSON tells the parts. */
function ofLong(value: object): string | undefined {
  if (value instanceof Decimal128) return value.toString()
  return value instanceof Long && value._bsontype === 'Long' ? value.toString() : undefined
}

function ofBinary(value: Binary): string {
  return value.sub_type === Binary.SUBTYPE_UUID ? value.toUUID().toHexString() : value.toString('base64')
}

function ofObject(value: object): unknown {
  if ('_bsontype' in value || value instanceof BSONRegExp) {
    return JSON.parse(BSON.EJSON.stringify(value, { relaxed: false })) as unknown
  }
  const object = Object.create(null) as Record<string, unknown>
  for (const [key, inner] of Object.entries(value)) object[key] = toJson(inner)
  return object
}
