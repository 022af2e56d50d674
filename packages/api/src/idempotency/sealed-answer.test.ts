import fc from 'fast-check'
import { expect, it } from 'vitest'
import { digestKey, openAnswer, sealAnswer } from './sealed-answer.ts'

const owner = { credentialId: 'key_1', idempotencyKey: 'd3b07384-d9a0-4c9b-8f6e-1f1f5c5e3f10' }

it('opens to what was sealed, for the same caller and key only', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (answer) => {
      const sealed = sealAnswer(owner, answer)
      expect(openAnswer(owner, sealed)).toEqual(JSON.parse(JSON.stringify(answer)))
      expect(() => openAnswer({ ...owner, credentialId: 'key_2' }, sealed)).toThrow(/authenticate/)
      expect(() => openAnswer({ ...owner, idempotencyKey: 'another' }, sealed)).toThrow(/authenticate/)
    }),
    { numRuns: 30 },
  )
})

it('refuses an answer of which any byte was changed', () => {
  const sealed = sealAnswer(owner, { token: 'share_tok_x' })
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Uint8Array.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => openAnswer(owner, changed)).toThrow(/authenticate/)
  }
})

it('stores neither key nor answer in the clear, and never the same bytes twice', () => {
  const answer = { token: 'share_tok_abcdefghijklmnopqrstuvwxyz' }
  const [first, second] = [sealAnswer(owner, answer), sealAnswer(owner, answer)]
  expect(Buffer.from(first).toString('latin1')).not.toContain('share_tok_')
  expect(first).not.toEqual(second)
  expect(digestKey(owner)).not.toContain(owner.idempotencyKey)
  expect(digestKey(owner)).not.toBe(digestKey({ ...owner, credentialId: 'key_2' }))
})
