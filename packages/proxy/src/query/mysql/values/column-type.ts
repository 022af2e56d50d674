/** Column types of the wire protocol that are not plain text or bytes. */
export const columnType = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  newdate: 14,
  bit: 16,
  vector: 242,
  json: 245,
  newdecimal: 246,
  geometry: 255,
} as const

/** The character set that stands for bytes. */
export const binaryCharset = 63

/** What the server says of one column of a result. */
export interface ColumnDefinition {
  readonly name: string
  readonly schema: string
  readonly orgTable: string
  readonly orgName: string
  readonly columnType: number
  readonly characterSet: number
  readonly decimals: number
  /** `json` for the JSON alias of MariaDB 10.5 and later. */
  readonly extendedFormat?: string | undefined
}
