import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { relayEarlyHints } from './early-hints.ts'

/** What a visitor is sent of a 103 with these values of `Link`. */
function relayed(...links: string[]): string[] {
  const request = new IncomingMessage(new Socket())
  request.httpVersionMinor = 1
  const response = new ServerResponse(request)
  const sent: string[][] = []
  response.writeEarlyHints = ({ link }) => void sent.push(link as string[])
  const rawHeaders = links.flatMap((link) => ['Link', link])
  relayEarlyHints(response, { statusCode: 103, rawHeaders } as Parameters<typeof relayEarlyHints>[1])
  return sent.flat()
}

describe('relayEarlyHints', () => {
  it('passes links on, several of one value as well', () => {
    const links = ['</a.css>; rel=preload; as=style', '<https://cdn.test/b,c.js>;rel="preload";crossorigin']
    expect(relayed(links.join(', '), '</d>; rel=preconnect')).toEqual([...links, '</d>; rel=preconnect'])
  })

  // The expression of node:http takes 2^n steps for n parameters in front of a mistake.
  it.each([
    `<a>${';a=b'.repeat(40)}"`,
    `<a>${';a=b'.repeat(900)}"`,
    `<a>${';a=`b'.repeat(40)}"`,
    `<a${' '.repeat(60_000)}x`,
    `<a>,${' '.repeat(60_000)}`,
    `<a>;${'a='.repeat(2_000)}`,
  ])('leaves out at once what node:http would take ages to refuse: %.30s', (link) => {
    const startedMs = performance.now()
    expect(relayed(link).filter((one) => one !== '<a>')).toEqual([])
    expect(performance.now() - startedMs).toBeLessThan(500)
  })

  it('hands node:http only what it takes at once', () => {
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    const [link = ''] = relayed(`<a>${';a=b'.repeat(500)}${';c="d"'.repeat(300)}`)
    const startedMs = performance.now()
    expect(() => response.writeEarlyHints({ link })).not.toThrow()
    expect([link.length > 1_000, performance.now() - startedMs < 500]).toEqual([true, true])
  })
})
