import { expect, it } from 'vitest'
import { aShare } from '../../../test/kit/desktop-state.ts'
import { writeQuestion } from './quit-question.ts'

it('says what would stop working', () => {
  expect(writeQuestion([aShare()]).detail).toBe(
    'shop is still shared. Nobody can open the links until the app runs again.',
  )
  expect(writeQuestion([aShare(), aShare()]).detail).toMatch(/^2 ports are still shared\./)
})
