import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readTimePosition, timePositionOf } from './time-position.ts'

it('brings time and id back', () => {
  const times = fc.date({ min: new Date(0), noInvalidDate: true })
  fc.assert(
    fc.property(times, fc.stringMatching(/^\w{1,40}$/), (timestamp, id) => {
      expect(readTimePosition(timePositionOf({ timestamp, id }))).toEqual({ timestamp, id })
    }),
  )
})

it.each(['qry_1', 'x.qry_1', '.qry_1', '1.', '-1.qry_1', '1e3.qry_1', '9007199254740991.qry_1'])(
  'refuses %j, which no answer of the list has',
  (position) => {
    expect(() => readTimePosition(position)).toThrow(expect.objectContaining({ code: 'request.invalid' }))
  },
)
