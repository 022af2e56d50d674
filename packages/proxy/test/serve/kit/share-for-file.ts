import type { Socket } from 'node:net'
import { afterAll } from 'vitest'
import { startRawUpstream, type RawUpstream } from './raw-upstream.ts'
import { startShareHub, type ShareHub, type ShareHubStart } from './share-hub.ts'

/** A hub with one share, and the upstream behind it, which answers by hand; both go with the file's tests. */
export async function startShareForFile(
  onData: (socket: Socket, text: string) => void,
  start: Omit<ShareHubStart, 'upstreamPort'> = {},
): Promise<{ upstream: RawUpstream; hub: ShareHub }> {
  const upstream = await startRawUpstream(onData)
  const hub = await startShareHub({ ...start, upstreamPort: upstream.port })
  afterAll(async () => {
    await hub.close()
    await upstream.close()
  })
  return { upstream, hub }
}
