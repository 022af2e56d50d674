// Guarantee (SPEC §7): a reply of Redis becomes rows that say what it is: pairs beside each other, a scan with its cursor,
// bytes that are no text as base64; nothing of it is lost, doubled or taken for another item.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createResultCollector } from '../result-collector.ts'
import { collectReply } from './present-reply.ts'

const caps = { rowsMax: 1000, bytesMax: 1_000_000, timeoutMs: 1000 }
const bytes = (text: string) => Buffer.from(text, 'latin1')
/** As the driver hands it over: bytes, lists of them, null; numbers are text. */
const replyOf = (value: unknown): unknown => {
  if (typeof value === 'string') return Buffer.from(value)
  return Array.isArray(value) ? value.map(replyOf) : value
}
const present = (command: string, reply: unknown, limits = caps) => {
  const to = createResultCollector(limits)
  collectReply(command.split(' ').map(bytes), replyOf(reply), to)
  const { columns, rows, truncated } = to.finish()
  return { columns, rows: rows.map((row) => columns.map((name) => row[name])), truncated }
}

describe('a reply', () => {
  it.each<[command: string, reply: unknown, columns: string[], rows: unknown[][]]>([
    ['GET a', 'text', ['value'], [['text']]],
    ['GET a', null, ['value'], [[null]]],
    ['INCR a', '9007199254740993', ['value'], [['9007199254740993']]],
    ['LRANGE a 0 -1', ['x', 'x', null], ['value'], [['x'], ['x'], [null]]],
    ['LRANGE a 0 -1', [], ['value'], []],
    [
      'HGETALL a',
      ['f', '1', 'g', '2'],
      ['field', 'value'],
      [
        ['f', '1'],
        ['g', '2'],
      ],
    ],
    ['hgetall a', ['f', '1'], ['field', 'value'], [['f', '1']]],
    ['HGETALL a', [], ['field', 'value'], []],
    [
      'SCAN 0',
      ['17', ['a', 'b']],
      ['cursor', 'key'],
      [
        ['17', 'a'],
        ['17', 'b'],
      ],
    ],
    ['SCAN 0', ['17', []], ['cursor', 'key'], [['17', null]]],
    ['SSCAN a 0', ['0', ['m']], ['cursor', 'member'], [['0', 'm']]],
    [
      'HSCAN a 0',
      ['0', ['f', '1', 'g', '2']],
      ['cursor', 'field', 'value'],
      [
        ['0', 'f', '1'],
        ['0', 'g', '2'],
      ],
    ],
    ['ZSCAN a 0', ['0', ['m', '1.5']], ['cursor', 'member', 'score'], [['0', 'm', '1.5']]],
    [
      'ZRANGE a 0 -1 WITHSCORES',
      ['m', '1', 'n', '2'],
      ['member', 'score'],
      [
        ['m', '1'],
        ['n', '2'],
      ],
    ],
    ['ZRANGE a 0 -1', ['m', 'n'], ['value'], [['m'], ['n']]],
    ['ZRANGE withscores 0 -1', ['m', 'n'], ['value'], [['m'], ['n']]],
    ['HRANDFIELD a 2 WITHVALUES', ['f', '1'], ['field', 'value'], [['f', '1']]],
    ['HRANDFIELD a 2', ['f', 'g'], ['value'], [['f'], ['g']]],
    ['XRANGE a - +', [['1-0', ['f', '1']]], ['id', 'fields'], [['1-0', ['f', '1']]]],
    ['XREVRANGE a + -', [], ['id', 'fields'], []],
    ['XRANGE a - +', ['odd'], ['id', 'fields'], [['odd', null]]],
    ['SLOWLOG GET', [['1', ['GET', 'a']]], ['value'], [[['1', ['GET', 'a']]]]],
    ['CONSTRUCTOR', ['a', 'b'], ['value'], [['a'], ['b']]],
  ])('to %s: %j', (...[command, reply, columns, rows]) => {
    expect(present(command, reply)).toEqual({ columns, rows, truncated: false })
  })

  it('of bytes that are no text is base64, of text it is the text with every mark', () => {
    const value = (reply: Buffer) => {
      const to = createResultCollector(caps)
      collectReply([bytes('GET')], reply, to)
      return to.finish().rows[0]?.['value']
    }
    expect(value(Buffer.from([0xff, 0xfe, 0]))).toBe('//4A')
    expect(value(Buffer.from([0xed, 0xa0, 0x80]))).toBe('7aCA')
    expect(value(Buffer.from('\ufeffä€😀\0'))).toBe('\ufeffä€😀\0')
  })

  it('stops where it is full, and says so', () => {
    const limits = { ...caps, rowsMax: 2 }
    for (const [command, reply] of [
      ['LRANGE a 0 -1', ['1', '2', '3']],
      ['HGETALL a', ['1', '1', '2', '2', '3', '3']],
      ['SCAN 0', ['0', ['1', '2', '3']]],
      [
        'XRANGE a - +',
        [
          ['1', []],
          ['2', []],
          ['3', []],
        ],
      ],
    ] as const) {
      expect(present(command, reply, limits)).toMatchObject({
        rows: [expect.anything(), expect.anything()],
        truncated: true,
      })
      expect(present(command, reply, { ...limits, rowsMax: 3 })).toMatchObject({ truncated: false })
    }
  })
})

it('lists lose nothing and keep their order, whatever asked for them', () => {
  const command = fc.constantFrom(
    'LRANGE a 0 -1',
    'HGETALL a',
    'SCAN 0',
    'HSCAN a 0',
    'ZRANGE a 0 -1 WITHSCORES',
    'KEYS *',
  )
  const pair = fc.tuple(fc.string(), fc.string())
  fc.assert(
    fc.property(command, fc.array(pair, { maxLength: 20 }), (asked, pairs) => {
      const items = pairs.flat()
      const isScan = asked.includes('SCAN')
      const { rows } = present(asked, isScan ? ['0', items] : items)
      const told = rows.flatMap((row) => (isScan ? row.slice(1) : row))
      expect(told.filter((item) => item !== null)).toEqual(items)
      expect(rows.every((row) => !isScan || row[0] === '0')).toBe(true)
    }),
  )
})
