import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { checkExternalLink, createExternalOpener } from './external-links.ts'

const trusted = { hubUrl: 'https://hub.example.com', linkUrls: ['https://share-tok-x.links.example.net/'] }
const local = { hubUrl: 'http://127.0.0.1:7300', linkUrls: [] }

/** CASES ELE-05. */
describe('checkExternalLink', () => {
  it.each([
    'https://hub.example.com/device?code=ABCD-EFGH',
    'https://links.example.com/shared/share_tok_x/',
    'https://share-tok-x.hub.example.com/',
    'https://share-tok-x.links.example.net/',
  ])('opens %s', (address) => {
    expect(checkExternalLink(address, trusted)).toBe(address)
  })

  it.each([
    'file:///etc/passwd',
    'smb://hub.example.com/share',
    'file://localhost/etc/passwd',
    'smb://127.0.0.1/share',
    'ftp://localhost/',
    'javascript://localhost/%0aalert(1)',
    'javascript:alert(1)',
    'ms-msdt:/id',
    'privateconnect://shares',
    'mailto:ada@example.com',
    '\\\\hub.example.com\\share',
    '//hub.example.com/',
    'https://ada@hub.example.com/',
    'https://ada:secret@hub.example.com/',
    'https://:secret@hub.example.com/',
    'http://hub.example.com/',
    'http://localhost:3000/',
    'http://127.0.0.1:631/admin',
    'https://evil.example/',
    'https://hub.example.com.evil.example/',
    'https://evilexample.com/',
    'https://com/',
    'https:hub.evil.example',
    '',
    'hub.example.com',
    ' ',
  ])('does not open %j', (address) => {
    expect(checkExternalLink(address, trusted)).toBeNull()
  })

  it('knows no neighbours of an address, nor of a whole country', () => {
    expect(checkExternalLink('https://10.0.0.2/', { hubUrl: 'https://10.0.0.1', linkUrls: [] })).toBeNull()
    expect(checkExternalLink('https://7.0.0.1/', { hubUrl: 'https://10.0.0.1', linkUrls: [] })).toBeNull()
    expect(
      checkExternalLink('https://badexample.com/', { hubUrl: 'https://example.com', linkUrls: [] }),
    ).toBeNull()
    expect(
      checkExternalLink('https://other.com/', { hubUrl: 'https://example.com', linkUrls: [] }),
    ).toBeNull()
    expect(
      checkExternalLink('https://x.example.com/', { hubUrl: 'https://example.com', linkUrls: [] }),
    ).not.toBeNull()
  })

  it('opens plain http to the hub that the person chose, and to this machine where that hub is', () => {
    for (const address of [
      'http://127.0.0.1:7300/device',
      'http://localhost:3000/',
      'http://share-tok-x.localhost:7300/',
    ]) {
      expect(checkExternalLink(address, local)).toBe(address)
    }
    expect(
      checkExternalLink('http://10.0.0.1:7300/device', { hubUrl: 'http://10.0.0.1:7300', linkUrls: [] }),
    ).not.toBeNull()
    expect(
      checkExternalLink('http://10.0.0.1:7301/', { hubUrl: 'http://10.0.0.1:7300', linkUrls: [] }),
    ).toBeNull()
  })

  it.each([
    'smb://127.0.0.1/share',
    'ftp://localhost/',
    'ws://127.0.0.1:7300/',
    'file://localhost/etc/passwd',
  ])('does not open %s though this machine is meant, by a hub on it', (address) => {
    expect(checkExternalLink(address, local)).toBeNull()
  })

  it('gives a browser nothing but what it checked, whatever it is given', () => {
    const pieces = fc.constantFrom(
      'https:',
      'http:',
      'file:',
      '//',
      '/',
      '\\',
      '@',
      ':',
      '#',
      '?',
      'hub.example.com',
      'evil.example',
      '\t',
      '\n',
      '%00',
      '.',
      '[::1]',
      '127.0.0.1',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.array(pieces, { maxLength: 8 }).map((all) => all.join('')),
        ),
        (address) => {
          const checked = checkExternalLink(address, trusted)
          const url = new URL(checked ?? 'https://hub.example.com/')
          expect(`${url.username}${url.password}`).toBe('')
          expect(`${url.protocol}//${url.hostname}`).toMatch(
            /^(https:\/\/([\w.-]+\.)?example\.com|https:\/\/share-tok-x\.links\.example\.net|https?:\/\/(\[::1\]|127\.[\d.]+|([\w.-]+\.)?localhost))$/,
          )
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('createExternalOpener', () => {
  it('opens what is allowed, as it was read, and rejects the rest', async () => {
    const open = vi.fn(() => Promise.resolve())
    const openExternal = createExternalOpener({ trusted: () => trusted, open })
    await openExternal('https://HUB.example.com/a b')
    expect(open).toHaveBeenCalledWith('https://hub.example.com/a%20b')
    await expect(openExternal('file:///etc/passwd')).rejects.toThrow('not on the list')
    expect(open).toHaveBeenCalledOnce()
  })
})
