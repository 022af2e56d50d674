import type { Duplex } from 'node:stream'
import type { Dial, DialOptions, UpstreamService } from '../dial.ts'
import { secureStream } from './secure-stream.ts'
import { speechOf } from './target-speech.ts'

/** A stream to a service over which HTTP can be spoken: dialled, and secured where the service speaks TLS. */
export async function openStream(
  dial: Dial,
  service: UpstreamService,
  options: DialOptions,
): Promise<Duplex> {
  const speech = speechOf(dial)
  const isTls = speech.known(service) ?? (await speech.ask(service, options))
  options.signal.throwIfAborted()
  const stream = await dial(service, options)
  return isTls ? await secureStream(stream, service, options) : stream
}
