import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { signDelivery } from './sign-delivery.ts'

const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 })
const asSecret = (key: Uint8Array) => `whsec_${Buffer.from(key).toString('base64')}`

it('signs so that the library accepts any body by any of the secrets, and no other body', () => {
  const secrets = fc.array(bytes.map(asSecret), { minLength: 1, maxLength: 2 })
  fc.assert(
    fc.property(secrets, fc.string({ unit: 'grapheme' }), (keys, text) => {
      const body = JSON.stringify({ text })
      const headers = signDelivery({ id: 'evt_1', body, nowMs: Date.now(), secrets: keys })
      for (const key of keys) {
        expect(new Webhook(key).verify(body, headers)).toEqual({ text })
        expect(() => new Webhook(key).verify(`${body} `, headers)).toThrow('signature')
      }
    }),
  )
})
