import { expect, it } from 'vitest'
import { refuseAmplification } from './amplifying-arguments.ts'
import { splitCommand } from './split-command.ts'

function check(line: string): void {
  const words = splitCommand(line)
  refuseAmplification(words[0]?.bytes.toString().toLowerCase() ?? '', words)
}

// A few words never make the server build a reply far larger than what it keeps, or hold everybody up.
it.each([
  'SRANDMEMBER k',
  'SRANDMEMBER k 100000',
  'HRANDFIELD k -1000 WITHVALUES',
  'SCAN 0 COUNT 10000',
  'HSCAN count 0 MATCH count COUNT 5',
  'MGET a b A',
  'HMGET a a b',
  'XREAD COUNT 5 STREAMS a b 0 0',
  'GET k',
])('%s passes', (line) => {
  expect(() => check(line)).not.toThrow()
})

it.each([
  ['SRANDMEMBER k -1001', 15],
  ['ZRANDMEMBER k -9999999999 WITHSCORES', 15],
  ['HRANDFIELD k x', 14],
  ['SCAN 0 COUNT 10001', 14],
  ['SSCAN k 0 count 10 COUNT 99999', 26],
  ['MGET a b a', 10],
  ['HMGET k f f', 11],
  ['XREAD STREAMS a a 0 0', 17],
])('%s is refused at character %i', (line, position) => {
  expect(() => check(line)).toThrow(
    expect.objectContaining({ code: 'query.refused', query: expect.objectContaining({ position }) }),
  )
})
