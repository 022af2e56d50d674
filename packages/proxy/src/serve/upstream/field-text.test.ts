// Guarantee (HDR): of each of the 256 bytes it is decided whether it may be in a field's name or value, by RFC 9110 §5.
import { describe, expect, it } from 'vitest'
import { isFieldName, isFieldValue } from './field-text.ts'

const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code))
const token = new Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
const isPrintable = (text: string) => text === '\t' || (text >= ' ' && text !== '\x7f')

describe.each([
  ['isFieldName', isFieldName, (byte: string) => token.has(byte)],
  ['isFieldValue', isFieldValue, isPrintable],
] as const)('%s', (_, isText, isAllowed) => {
  it('takes exactly the bytes that may be', () => {
    const taken = bytes.filter((byte) => isText(byte, 0, 1))
    expect(taken).toEqual(bytes.filter(isAllowed))
  })

  it('looks at every byte of its part and at no other', () => {
    for (const byte of bytes) {
      expect(isText(`${byte}abc${byte}`, 1, 4)).toBe(true)
      for (const text of [`${byte}ab`, `a${byte}b`, `ab${byte}`])
        expect(isText(text, 0, 3)).toBe(isAllowed(byte))
    }
  })

  it('takes nothing beyond Latin-1', () => {
    for (const text of ['Ā', '€', '\u{1f600}', '\ufffd']) expect(isText(text, 0, text.length)).toBe(false)
  })
})

it('a name has at least one character, a value may be empty', () => {
  expect([isFieldName('abc', 1, 1), isFieldValue('abc', 1, 1)]).toEqual([false, true])
})
