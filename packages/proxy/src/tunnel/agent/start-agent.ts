import { randomBytes } from 'node:crypto'
import type { Agent, StartAgentOptions } from './agent-options.ts'
import { TunnelAgent } from './tunnel-agent.ts'

/**
 * Keeps one outbound tunnel to a hub and serves `targets` through it, until `close`. Reconnects by itself;
 * `onStatus` hears of every change. Throws TypeError when `hubUrl` or `proxyUrl` is no http(s) URL.
 */
export function startAgent(options: StartAgentOptions): Agent {
  const hubUrl = readUrl(options.hubUrl)
  const proxyUrl = options.proxyUrl === undefined ? undefined : readUrl(options.proxyUrl)
  const agent = new TunnelAgent({
    ...options,
    hubUrl,
    proxyUrl,
    instanceId: randomBytes(8).toString('hex'),
  })
  agent.start()
  return agent
}

function readUrl(text: string): URL {
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError(`expected an http or https address, not ${url.protocol}`)
  return url
}
