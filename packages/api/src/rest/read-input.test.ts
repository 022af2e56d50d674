import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readInput, type RestRequest } from './read-input.ts'

const schema = z.strictObject({
  id: z.string(),
  limit: z.int().max(100).default(50),
  isLive: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
})
const request = (change: Partial<RestRequest>): RestRequest => ({
  params: {},
  query: {},
  body: undefined,
  ...change,
})
const read = (change: Partial<RestRequest>): unknown => readInput(true, schema, request(change))
const readWrite = (change: Partial<RestRequest>): unknown => readInput(false, schema, request(change))

describe('readInput of a GET', () => {
  it('makes numbers, booleans and lists of the query where the contract wants them', () => {
    expect(read({ params: { id: 'a' }, query: { limit: '7', isLive: 'true', tags: 'x' } })).toEqual({
      id: 'a',
      limit: 7,
      isLive: true,
      tags: ['x'],
    })
    expect(read({ query: { isLive: 'false', tags: ['x', 'y'], limit: undefined } })).toEqual({
      isLive: false,
      tags: ['x', 'y'],
    })
  })

  it.each(['', ' 7', '7x', '0x10', '1e3', 'Infinity', 'NaN', '+7', '99999999999999999999'])(
    'leaves the number %j to the contract as text',
    (limit) => {
      expect(read({ query: { limit } })).toEqual({ limit })
    },
  )

  it('leaves what came several times, or is not in the contract, to the contract', () => {
    expect(read({ query: { limit: ['1', '2'], id: ['a', 'b'], other: '1' } })).toEqual({
      limit: ['1', '2'],
      id: ['a', 'b'],
      other: '1',
    })
  })

  it('ignores a body', () => {
    expect(read({ body: { id: 'b' } })).toEqual({})
  })

  it('changes neither its input nor any prototype', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (query) => {
        const before = structuredClone(query)
        read({ query })
        expect(query).toEqual(before)
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
      }),
    )
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {}}}') as object
    const input = readWrite({ body: hostile }) as object
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
    expect(Object.hasOwn(input, '__proto__')).toBe(true)
  })
})

describe('readInput of a write', () => {
  it('takes path and body together, and no body as an empty one', () => {
    expect(readWrite({ params: { id: 'a' }, body: { limit: 5 } })).toEqual({ id: 'a', limit: 5 })
    expect(readWrite({ params: { id: 'a' }, body: null })).toEqual({ id: 'a' })
    expect(readWrite({ body: { limit: '5' } })).toEqual({ limit: '5' })
  })

  it.each([{ body: 'x' }, { body: [] }, { body: 7 }, { body: true }])('refuses %j', (change) => {
    expect(() => readWrite(change)).toThrow('The body must be a JSON object')
  })

  it('refuses a body that names what the path names, and anything in the query', () => {
    expect(() => readWrite({ params: { id: 'a' }, body: { id: 'b' } })).toThrow('id: Is in the path already')
    expect(() => read({ params: { id: 'a' }, query: { id: 'b' } })).toThrow('id: Is in the path already')
    expect(() => readWrite({ query: { api_key: 'x' }, body: {} })).toThrow(
      'api_key: This operation takes nothing',
    )
  })
})
