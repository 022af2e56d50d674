// Guarantee (HDR): headers pass in their order, spelling and number; each step sees what the one before left, by the name in
// whatever spelling; and what `Connection` nominates goes, except what frames or routes a message.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createHeaderFilter,
  dropNominated,
  hopByHop,
  readNominated,
  remove,
  type HeaderPass,
} from './header-filter.ts'

const filter = (passes: readonly HeaderPass<string>[], raw: readonly string[]): string[] => {
  const out: string[] = []
  createHeaderFilter(passes)(raw, out, 'context')
  return out
}
const suffix = (title: string, names: readonly string[]): HeaderPass<string> => ({
  title,
  concerns: (name) => names.includes(name),
  rule: (value) => `${value} ${title}`,
})

describe('a filter', () => {
  it('passes what concerns nobody as it came, and what it is given after what is there', () => {
    const pairs = fc.array(fc.tuple(fc.stringMatching(/^[A-Za-z-]{1,6}$/), fc.string()))
    fc.assert(
      fc.property(pairs, (all) => {
        const out = ['First', '1']
        createHeaderFilter<null>([remove('none', [])])(all.flat(), out, null)
        expect(out).toEqual(['First', '1', ...all.flat()])
      }),
    )
  })

  it('removes a header in every spelling, each time it is there', () => {
    const raw = ['X-Gone', '1', 'Kept', '2', 'x-gone', '3', 'X-GONE', '4', 'X-Gone-Not', '5']
    expect(filter([remove('gone', ['x-gone'])], raw)).toEqual(['Kept', '2', 'X-Gone-Not', '5'])
    const start = remove<string>('start', (name) => name.startsWith('x-'))
    expect(filter([start], raw)).toEqual(['Kept', '2'])
  })

  it('applies its steps in order, until one removes it', () => {
    const steps = [
      suffix('one', ['a', 'b']),
      suffix('two', ['a']),
      remove<string>('three', ['b']),
      suffix('four', ['b']),
    ]
    expect(filter(steps, ['A', 'x', 'B', 'y', 'C', 'z'])).toEqual(['A', 'x one two', 'C', 'z'])
  })

  it('hands the context to each step, and what it removes to none', () => {
    const seen: string[] = []
    const note: HeaderPass<string> = {
      title: 'note',
      concerns: () => true,
      rule: (value, context) => {
        seen.push(`${value} ${context}`)
        return value
      },
    }
    filter([remove('gone', ['a']), note], ['a', '1', 'b', '2'])
    expect(seen).toEqual(['2 context'])
  })

  it('goes on beyond the names that it remembers', () => {
    const passes = createHeaderFilter<null>([remove('gone', (name) => name.endsWith('0'))])
    for (let round = 0; round < 2; round += 1) {
      const raw = Array.from({ length: 5000 }, (_, at) => [`X-${at}`, 'v']).flat()
      const out: string[] = []
      passes(raw, out, null)
      expect(out).toHaveLength(9000)
    }
  })
})

describe('what Connection nominates', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['keep-alive', null],
    ['Close', null],
    ['UPGRADE', null],
    ['X-A', ['x-a']],
    ['close,  X-A ,x-b', ['close', 'x-a', 'x-b']],
    ['keep-alive, X-A', ['keep-alive', 'x-a']],
  ])('by %j', (value, names) => {
    const nominated = readNominated(value)
    expect(nominated === null ? null : [...nominated]).toEqual(names)
  })

  it('goes in every spelling, and nothing else does', () => {
    const headers = ['X-A', '1', 'B', '2', 'x-a', '3', 'C', '4']
    dropNominated(headers, readNominated('X-a, c'))
    expect(headers).toEqual(['B', '2'])
    dropNominated(headers, null)
    expect(headers).toEqual(['B', '2'])
  })

  it.each(['Host', 'Content-Length', 'Content-Encoding', 'Content-Type'])('is not %s', (name) => {
    const headers = [name, '1', 'X-A', '2']
    dropNominated(headers, readNominated(`${name}, x-a`))
    expect(headers).toEqual([name, '1'])
  })
})

it('names of one connection are in lower case, as they are compared', () => {
  expect(hopByHop.map((name) => name.toLowerCase())).toEqual(hopByHop)
  expect(new Set(hopByHop).size).toBe(hopByHop.length)
})
