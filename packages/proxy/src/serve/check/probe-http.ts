import { isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import type { UpstreamService } from '../dial.ts'

const statusLine = /^HTTP\/1\.[01] ([1-5]\d\d)/
const statusLineBytes = 12

/** Asks for the root's head and answers the status; null when what comes is not HTTP, or nothing comes in time. */
export function probeHttp(
  stream: Duplex,
  service: UpstreamService,
  timeoutMs: number,
): Promise<number | null> {
  const { targetHost, targetPort } = service
  const host = isIPv6(targetHost) ? `[${targetHost}]` : targetHost
  return new Promise((resolve) => {
    let text = ''
    const settle = (statusCode: number | null): void => {
      clearTimeout(timer)
      resolve(statusCode)
    }
    const timer = setTimeout(() => settle(null), timeoutMs)
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const statusCode = statusLine.exec(text)?.[1]
      if (statusCode !== undefined) settle(Number(statusCode))
      else if (text.length > statusLineBytes) settle(null)
    })
    stream.once('end', () => settle(null))
    stream.once('close', () => settle(null))
    stream.write(
      `HEAD / HTTP/1.1\r\nHost: ${host}:${targetPort}\r\nUser-Agent: private-connect-check\r\n` +
        'Accept: */*\r\nConnection: close\r\n\r\n',
    )
  })
}
