import superjson from 'superjson'
import { describe, expect, it } from 'vitest'
import { transformer } from './transformer.ts'

// Guarantee: whatever a database calls its columns and keys, the dashboard's answers carry it, and superjson's own readers read it.
const read = (value: unknown): unknown =>
  superjson.deserialize(JSON.parse(JSON.stringify(transformer.serialize(value))) as never)

describe('the transformer', () => {
  it.each([
    { rows: [{ constructor: 'a', prototype: 1 }] },
    { rows: [{ doc: { nested: [{ constructor: null }] } }] },
    { 'a.b': 1, list: [true, 'x', null] },
  ])('carries %j', (value) => {
    expect(read(value)).toEqual(value)
  })

  it('still carries what JSON has no word for', () => {
    expect(read({ when: new Date(0), missing: undefined })).toEqual({ when: new Date(0), missing: undefined })
  })
})
