/** Numbers of PostgreSQL's built-in types (src/include/catalog/pg_type.dat), the same on every server. */
export const jsonTypes: ReadonlySet<number> = new Set([114, 3802])
export const booleanType = 16
export const byteaType = 17
/** int2, int4, oid: no more than 32 bits. */
export const integerTypes: ReadonlySet<number> = new Set([21, 23, 26])
export const floatTypes: ReadonlySet<number> = new Set([700, 701])
/** date, timestamp, timestamptz. */
export const timeTypes: ReadonlySet<number> = new Set([1082, 1114, 1184])

/** Types whose text is their value in JSON; of others the catalog is asked. */
export const textTypes: ReadonlySet<number> = new Set(
  // int8, numeric and money stay text so that no digit is lost; then texts, times of day, intervals, bits, networks,
  // geometry, search, ranges, records without a name, and what the server itself is made of.
  [
    '20 1700 790 25 1043 1042 19 18 2950 142 705 2275 2278 1083 1266 1186 1560 1562 869 650 829 774',
    '600 601 602 603 604 628 718 3614 3615 4072 3904 3906 3908 3910 3912 3926 4451 4532 4533 4534 4535 4536 2249',
    '24 27 28 29 5069 2202 2203 2204 2205 2206 3734 3769 4089 4096 3220 22 30 194 1790 2970',
  ]
    .join(' ')
    .split(' ')
    .map(Number),
)

/** The usual arrays, and what they are made of. */
export const elementTypes: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1001, 17],
  [1002, 18],
  [1003, 19],
  [1005, 21],
  [1007, 23],
  [1009, 25],
  [1014, 1042],
  [1015, 1043],
  [1016, 20],
  [1021, 700],
  [1022, 701],
  [1028, 26],
  [1115, 1114],
  [1182, 1082],
  [1183, 1083],
  [1185, 1184],
  [1187, 1186],
  [1231, 1700],
  [199, 114],
  [3807, 3802],
  [2951, 2950],
])
