import { expect, it, vi } from 'vitest'
import { holdLast } from './hold-last.ts'

it('passes on to all who listen, until they stop', () => {
  const held = holdLast<string>()
  const [one, other] = [vi.fn<(value: string) => void>(), vi.fn<(value: string) => void>()]
  const stop = held.listen(one)
  held.listen(other)
  held.push('/shares')
  stop()
  held.push('/activity')
  expect(one.mock.calls).toEqual([['/shares']])
  expect(other.mock.calls).toEqual([['/shares'], ['/activity']])
})

it('keeps the last that came before anybody listened, for one', () => {
  const held = holdLast<string>()
  held.push('/shares')
  held.push('/activity')
  const [one, other] = [vi.fn<(value: string) => void>(), vi.fn<(value: string) => void>()]
  held.listen(one)
  held.listen(other)
  expect(one.mock.calls).toEqual([['/activity']])
  expect(other).not.toHaveBeenCalled()
})
