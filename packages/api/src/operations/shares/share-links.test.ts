import { describe, expect, it } from 'vitest'
import { shareUrlOf, subdomainUrlOf, type LinkPorts } from './share-links.ts'

const token = 'share_tok_abcdefghijklmnopqrstuvwxyz'
const portsOf = (linkUrl: string, shareDomain: string | null): LinkPorts => ({ linkUrl, shareDomain })

describe('the two forms of a link (SPEC §5)', () => {
  it('are the path form and a host with hyphens, on the scheme of LINK_URL', () => {
    const local = portsOf('http://localhost:7300', 'localhost:7300')
    expect(shareUrlOf(local, token)).toBe(`http://localhost:7300/shared/${token}`)
    expect(subdomainUrlOf(local, token)).toBe('http://share-tok-abcdefghijklmnopqrstuvwxyz.localhost:7300/')
    const open = portsOf('https://link.example.com', 'share.example.com')
    expect(subdomainUrlOf(open, token)).toBe(
      'https://share-tok-abcdefghijklmnopqrstuvwxyz.share.example.com/',
    )
  })

  it('are the path form alone while the hub has no share domain', () => {
    expect(subdomainUrlOf(portsOf('https://link.example.com', null), token)).toBeNull()
  })

  it('have a host label that DNS and TLS take', () => {
    const url = new URL(subdomainUrlOf(portsOf('https://a.b', 'share.example.com'), token) ?? '')
    const [label = ''] = url.hostname.split('.')
    expect(label).toMatch(/^[a-z0-9-]{1,63}$/)
    expect(url.hostname).toBe(url.hostname.toLowerCase())
  })
})
