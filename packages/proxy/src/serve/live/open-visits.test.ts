import fc from 'fast-check'
import { expect, it } from 'vitest'
import { OpenVisits } from './open-visits.ts'
import type { Visit } from '../visit.ts'

it('holds what a Set would hold, whatever is added and deleted in which order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 200 }), (turns) => {
      const all = Array.from({ length: 10 }, (_, id) => ({ id, place: -1 }) as unknown as Visit)
      const open = new OpenVisits()
      const model = new Set<Visit>()
      for (const turn of turns) {
        const visit = all[turn] as Visit
        const isOpen = model.delete(visit)
        expect(open.delete(visit)).toBe(isOpen)
        if (!isOpen) {
          open.add(visit)
          model.add(visit)
        }
        expect(new Set(open.list())).toEqual(model)
        expect(open.size).toBe(model.size)
      }
    }),
  )
})
