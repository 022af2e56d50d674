import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from './cursor.ts'

const refused = expect.objectContaining({ code: 'request.invalid' })

// Guarantee (TEN-06): a cursor works for the list and the workspace that gave it, unaltered, and is a 400 otherwise.
describe('a cursor', () => {
  it('brings its position back', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w.]{1,80}$/), (position) => {
        const cursor = encodeCursor('shares:ws_1', position)
        expect(cursor).toMatch(/^[\w-]{1,256}$/)
        expect(decodeCursor('shares:ws_1', cursor)).toBe(position)
        expect(() => decodeCursor('shares:ws_2', cursor)).toThrow(refused)
      }),
    )
  })

  it('is refused with any character changed, and whatever else it is', () => {
    const cursor = encodeCursor('shares:ws_1', 'share_1')
    for (let index = 0; index < cursor.length; index += 1) {
      const other = cursor.charAt(index) === 'A' ? 'B' : 'A'
      const altered = cursor.slice(0, index) + other + cursor.slice(index + 1)
      expect(() => decodeCursor('shares:ws_1', altered)).toThrow(refused)
    }
    fc.assert(
      fc.property(fc.base64String(), (text) => {
        expect(() => decodeCursor('shares:ws_1', text)).toThrow(refused)
      }),
    )
  })
})
