import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createVault, fingerprintSecret, type Sealed } from './create-vault.ts'

const first = { id: 'hub-secret-1', secret: 'a'.repeat(32) }
const second = { id: 'hub-secret-2', secret: 'b'.repeat(32) }
const refusal = /unable to authenticate|not a sealed one/
const vault = createVault({ current: first, previous: [] })

// Guarantee (TEN-08): what is stored encrypted can be read with its key, as its record, unchanged, and not otherwise.
describe('createVault', () => {
  it('opens what it sealed, whatever text it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, binding) => {
        expect(vault.open(binding, vault.seal(binding, text))).toBe(text)
      }),
    )
  })

  it('shows nothing of the text and never the same twice', () => {
    const sealed = Array.from({ length: 100 }, () => vault.seal('x', 'correct horse battery staple'))
    const texts = sealed.map(({ cipher }) => Buffer.from(cipher).toString('latin1'))
    expect(new Set(texts).size).toBe(100)
    expect(new Set(texts.map((text) => text.slice(1, 13))).size).toBe(100)
    expect(texts.some((text) => text.includes('horse'))).toBe(false)
  })

  it('does not open a record in the place of another, nor one whose any bit was changed', () => {
    const sealed = vault.seal('service.credentials svc_1', 'secret')
    expect(() => vault.open('service.credentials svc_2', sealed)).toThrow(refusal)
    for (let bit = 0; bit < sealed.cipher.length * 8; bit += 1) {
      const cipher = new Uint8Array(sealed.cipher)
      cipher[bit >> 3] = (cipher[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => vault.open('service.credentials svc_1', { ...sealed, cipher })).toThrow(refusal)
    }
    for (let end = 0; end < sealed.cipher.length; end += 1) {
      const cut: Sealed = { ...sealed, cipher: sealed.cipher.slice(0, end) }
      expect(() => vault.open('service.credentials svc_1', cut)).toThrow(refusal)
    }
  })

  it('reads records of the previous key and writes under the current one', () => {
    const old = vault.seal('x', 'secret')
    const rotated = createVault({ current: second, previous: [first] })
    expect(rotated.open('x', old)).toBe('secret')
    expect(rotated.seal('x', 'secret').keyId).toBe('hub-secret-2')
    expect(() => createVault({ current: second, previous: [] }).open('x', old)).toThrow(/hub-secret-1/)
    expect(() => createVault({ current: { ...second, id: first.id }, previous: [] }).open('x', old)).toThrow(
      refusal,
    )
  })

  it('knows a secret by its fingerprint', () => {
    expect(fingerprintSecret(first.secret)).toEqual(fingerprintSecret(first.secret))
    expect(fingerprintSecret(first.secret)).not.toEqual(fingerprintSecret(second.secret))
  })
})
