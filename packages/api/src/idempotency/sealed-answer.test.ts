import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVault } from '../vault/create-vault.ts'
import { answerBinding, digestKey, openAnswer, sealAnswer } from './sealed-answer.ts'

const owner = { credentialId: 'key_1', idempotencyKey: 'd3b07384-d9a0-4c9b-8f6e-1f1f5c5e3f10' }
const vaultOf = (id: string, secret: string) => createVault({ current: { id, secret }, previous: [] })
const vault = vaultOf('hub-secret-1', 'a'.repeat(32))
const refusal = /unable to authenticate|not a sealed one/

it('opens to what was sealed, for the same caller and key only', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (answer) => {
      const sealed = sealAnswer(vault, owner, answer)
      expect(openAnswer(vault, owner, sealed)).toEqual(JSON.parse(JSON.stringify(answer)))
      expect(() => openAnswer(vault, { ...owner, credentialId: 'key_2' }, sealed)).toThrow(refusal)
      expect(() => openAnswer(vault, { ...owner, idempotencyKey: 'another' }, sealed)).toThrow(refusal)
    }),
    { numRuns: 30 },
  )
})

it('refuses an answer of which any byte was changed', () => {
  const { cipher, keyId } = sealAnswer(vault, owner, { token: 'share_tok_x' })
  for (let at = 0; at < cipher.length; at += 1) {
    const changed = Uint8Array.from(cipher)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => openAnswer(vault, owner, { cipher: changed, keyId })).toThrow(refusal)
  }
})

it('stores neither key nor answer in the clear, and never the same bytes twice', () => {
  const answer = { token: 'share_tok_abcdefghijklmnopqrstuvwxyz' }
  const [first, second] = [sealAnswer(vault, owner, answer), sealAnswer(vault, owner, answer)]
  expect(Buffer.from(first.cipher).toString('latin1')).not.toContain('share_tok_')
  expect(first.cipher).not.toEqual(second.cipher)
  expect(digestKey(owner)).not.toContain(owner.idempotencyKey)
  expect(digestKey(owner)).not.toBe(digestKey({ ...owner, credentialId: 'key_2' }))
})

describe('of the two that an answer needs', () => {
  const guessable = { credentialId: 'key_1', idempotencyKey: '1' }
  const answer = { token: 'share_tok_abcdefghijklmnopqrstuvwxyz' }
  const sealed = sealAnswer(vault, guessable, answer)

  it('the caller’s key alone opens nothing: a database dump is no use to who guesses keys', () => {
    for (const other of [vaultOf('hub-secret-1', 'b'.repeat(32)), vaultOf('hub-secret-2', 'a'.repeat(32))]) {
      expect(() => openAnswer(other, guessable, sealed)).toThrow(/authenticate|was not started with/)
    }
  })

  it('the hub’s secret alone shows nothing either', () => {
    const inside = vault.open(answerBinding(digestKey(guessable)), sealed)
    expect(Buffer.from(inside, 'base64').toString('latin1')).not.toContain('share_tok_')
  })
})
