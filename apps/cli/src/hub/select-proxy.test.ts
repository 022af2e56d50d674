import { describe, expect, it } from 'vitest'
import { selectProxy } from './select-proxy.ts'

const settings = {
  httpProxy: 'http://proxy:3128',
  httpsProxy: 'http://ada:pw@proxy:3129',
  noProxy: undefined,
}

describe('selectProxy', () => {
  it("takes the scheme's own proxy, also one without scheme", () => {
    expect(selectProxy('http://hub.example.com', settings)?.href).toBe('http://proxy:3128/')
    expect(selectProxy('https://hub.example.com', settings)?.href).toBe('http://ada:pw@proxy:3129/')
    expect(selectProxy('http://hub.example.com', { ...settings, httpProxy: 'proxy:8080' })?.href).toBe(
      'http://proxy:8080/',
    )
  })

  it('goes straight to this machine, and where none is set or it is none that CONNECT works with', () => {
    expect(selectProxy('http://127.0.0.1:7300', settings)).toBeUndefined()
    expect(selectProxy('http://localhost:7300', settings)).toBeUndefined()
    expect(selectProxy('https://hub.example.com', { ...settings, httpsProxy: undefined })).toBeUndefined()
    expect(
      selectProxy('https://hub.example.com', { ...settings, httpsProxy: 'socks5://proxy:1080' }),
    ).toBeUndefined()
  })

  it.each([
    '*',
    'hub.example.com',
    '.example.com',
    'example.com',
    '*.example.com',
    'a, HUB.example.com',
    'hub.example.com:8443',
  ])('honours the exception %j', (noProxy) => {
    expect(selectProxy('https://hub.example.com:8443', { ...settings, noProxy })).toBeUndefined()
  })

  it.each(['ample.com', 'hub.example', 'other.com', '.', 'hub.example.com:9999', ''])(
    'is not misled by %j',
    (noProxy) => {
      expect(selectProxy('https://hub.example.com:8443', { ...settings, noProxy })).toBeDefined()
    },
  )
})
