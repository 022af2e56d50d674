import { describe, expect, it } from 'vitest'
import { isLoopbackHost, isPlaintextRemote, parseHubUrl } from './hub-url.ts'

describe('parseHubUrl', () => {
  it.each([
    ['http://127.0.0.1:7300', 'http://127.0.0.1:7300'],
    ['https://hub.example.com/', 'https://hub.example.com'],
    ['HTTPS://Hub.Example.com:443', 'https://hub.example.com'],
    ['http://[::1]:7300', 'http://[::1]:7300'],
  ])('takes %s', (text, origin) => {
    expect(parseHubUrl(text)).toBe(origin)
  })

  it.each([
    '',
    'hub.example.com',
    '127.0.0.1:7300',
    'ftp://x',
    'file:///etc',
    'https://h/path',
    'https://h/?q',
    'https://h/#f',
    'http://',
  ])('refuses %j with an example', (text) => {
    expect(() => parseHubUrl(text)).toThrow(
      expect.objectContaining({
        kind: 'usage',
        hint: expect.stringContaining('http://127.0.0.1:7300') as string,
      }),
    )
  })

  it('does not repeat a password', () => {
    expect(() => parseHubUrl('https://ada:secret@hub.example.com')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') as string }),
    )
  })
})

describe('where a hub is', () => {
  it.each(['localhost', 'share-tok-x.localhost', '127.0.0.1', '127.9.9.9', '[::1]', 'LOCALHOST'])(
    '%s is this machine',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true)
    },
  )

  it.each(['localhost.example.com', '128.0.0.1', 'example.com', '[::2]', '127.0.0.1.example.com'])(
    '%s is not',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false)
    },
  )

  it('warns where a key could be read on its way', () => {
    expect(isPlaintextRemote('http://hub.example.com')).toBe(true)
    expect(isPlaintextRemote('https://hub.example.com')).toBe(false)
    expect(isPlaintextRemote('http://127.0.0.1:7300')).toBe(false)
  })
})
