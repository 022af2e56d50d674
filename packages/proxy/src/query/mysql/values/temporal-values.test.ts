import { describe, expect, it } from 'vitest'
import { columnType } from './column-type.ts'
import { readTemporal, readTemporalText } from './temporal-values.ts'

const read = (type: keyof typeof columnType, decimals: number, bytes: number[]): string =>
  readTemporal(Buffer.from(bytes), { columnType: columnType[type], decimals })

describe('readTemporal', () => {
  it('writes dates and times of every length that the protocol has', () => {
    expect(read('date', 0, [0xe8, 7, 2, 29])).toBe('2024-02-29')
    expect(read('date', 0, [])).toBe('0000-00-00')
    expect(read('datetime', 0, [0xe8, 7, 2, 29])).toBe('2024-02-29T00:00:00')
    expect(read('datetime', 3, [0xe8, 7, 2, 29, 1, 2, 3])).toBe('2024-02-29T01:02:03.000')
    expect(read('datetime', 6, [0xe8, 7, 2, 29, 1, 2, 3, 7, 0, 0, 0])).toBe('2024-02-29T01:02:03.000007')
    expect(read('timestamp', 0, [0xe8, 7, 2, 29, 1, 2, 3])).toBe('2024-02-29T01:02:03Z')
    expect(read('timestamp', 0, [])).toBe('0000-00-00 00:00:00')
    expect(read('datetime', 0, [0xe8, 7, 2, 0])).toBe('2024-02-00 00:00:00')
    expect(read('time', 0, [])).toBe('00:00:00')
    expect(read('time', 0, [1, 34, 0, 0, 0, 22, 59, 59])).toBe('-838:59:59')
    expect(read('time', 2, [0, 0, 0, 0, 0, 1, 2, 3, 0x20, 0xa1, 7, 0])).toBe('01:02:03.50')
  })

  it('shows digits of a second where the column does not say how many it has', () => {
    expect(read('datetime', 39, [0xe8, 7, 2, 29, 1, 2, 3, 7, 0, 0, 0])).toBe('2024-02-29T01:02:03.000007')
    expect(read('datetime', 39, [0xe8, 7, 2, 29, 1, 2, 3])).toBe('2024-02-29T01:02:03')
  })

  it('has the same forms for the text protocol', () => {
    const text = (type: keyof typeof columnType, value: string): string =>
      readTemporalText(value, { columnType: columnType[type], decimals: 0 })
    expect(text('datetime', '2024-02-29 01:02:03.5')).toBe('2024-02-29T01:02:03.5')
    expect(text('timestamp', '2024-02-29 01:02:03')).toBe('2024-02-29T01:02:03Z')
    expect(text('timestamp', '0000-00-00 00:00:00')).toBe('0000-00-00 00:00:00')
    expect(text('date', '2024-02-29')).toBe('2024-02-29')
    expect(text('time', '-838:59:59')).toBe('-838:59:59')
  })
})
