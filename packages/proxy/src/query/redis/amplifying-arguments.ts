import { refuseQuery } from '../query-errors.ts'
import type { CommandWord } from './split-command.ts'

/** As many as a result has rows; members that come back repeatedly are asked for by a negative count. */
const countMax = 1_000
/** What one call of SCAN may look at: it holds everybody up meanwhile, as KEYS does. */
const scanMax = 10_000

const randomMembers = new Set(['srandmember', 'hrandfield', 'zrandmember'])
/** Where their options begin: behind the cursor. */
const scanOptions: ReadonlyMap<string, number> = new Map([
  ['scan', 2],
  ['sscan', 3],
  ['hscan', 3],
  ['zscan', 3],
])

/**
 * Refuses arguments by which a few words make the server build a reply far larger than what it keeps (a server builds all
 * of it before it sends any, so that no limit of ours cuts it short), or look at everything in one go.
 */
export function refuseAmplification(command: string, all: readonly CommandWord[]): void {
  if (randomMembers.has(command)) refuseRepeatedMembers(all[2])
  const options = scanOptions.get(command)
  if (options !== undefined) refuseLongScan(all.slice(options))
  if (command === 'mget') refuseRepetition(all.slice(1))
  if (command === 'hmget') refuseRepetition(all.slice(2))
  if (command === 'xread') refuseRepetition(streamsOf(all))
}

function refuseRepeatedMembers(word: CommandWord | undefined): void {
  if (word === undefined || Number(textOf(word)) >= -countMax) return
  throw refuseQuery(`A count here is a whole number, not below -${countMax}.`, { position: word.position })
}

/** Each of them: a server goes by the last. */
function refuseLongScan(options: readonly CommandWord[]): void {
  options.forEach((word, at) => {
    const isCount = at > 0 && textOf(options[at - 1]!).toLowerCase() === 'count'
    if (isCount && Number(textOf(word)) > scanMax)
      throw refuseQuery(`COUNT can be ${scanMax} at most.`, { position: word.position })
  })
}

function refuseRepetition(words: readonly CommandWord[]): void {
  const seen = new Set<string>()
  for (const word of words) {
    const text = textOf(word)
    if (seen.has(text)) throw refuseQuery('This name is there twice.', { position: word.position })
    seen.add(text)
  }
}

/** `XREAD [COUNT n] STREAMS a b 0 0`: names, then as many places. */
function streamsOf(all: readonly CommandWord[]): readonly CommandWord[] {
  const at = all.findIndex((word) => textOf(word).toLowerCase() === 'streams')
  if (at === -1) return []
  const rest = all.slice(at + 1)
  return rest.slice(0, Math.ceil(rest.length / 2))
}

function textOf({ bytes }: CommandWord): string {
  return bytes.toString('latin1')
}
