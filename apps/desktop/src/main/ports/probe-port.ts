import { connect, type Socket } from 'node:net'
import type { PortAnswer } from './guess-by-answer.ts'

export interface ProbeOptions {
  /** Where to try, one after the other. */
  readonly hosts: readonly string[]
  readonly port: number
  /** For all of it. */
  readonly timeoutMs?: number
  /** How long whoever speaks first, as SSH and MySQL do, may take: those are not spoken to in HTTP. */
  readonly greetingMs?: number
}

const answerBytesMax = 32 * 1024

/** Asks a port for its first page, once and shortly. Null where nobody takes the connection. */
export async function probePort(options: ProbeOptions): Promise<PortAnswer | null> {
  for (const host of options.hosts) {
    const text = await ask(host, options)
    if (text !== null) return { host, text }
  }
  return null
}

function ask(
  host: string,
  { port, timeoutMs = 1000, greetingMs = 60 }: ProbeOptions,
): Promise<string | null> {
  return new Promise((done) => {
    const socket = connect({ host, port })
    const chunks: Buffer[] = []
    let isConnected = false
    let greeting: NodeJS.Timeout | undefined
    const finish = () => {
      clearTimeout(greeting)
      clearTimeout(deadline)
      socket.destroy()
      done(isConnected ? Buffer.concat(chunks).toString('latin1') : null)
    }
    const deadline = setTimeout(finish, timeoutMs)
    socket.on('connect', () => {
      isConnected = true
      greeting = setTimeout(() => sendRequest(socket, host), greetingMs)
    })
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      const isGreeting = socket.bytesWritten === 0
      if (isGreeting || chunks.reduce((sum, { length }) => sum + length, 0) >= answerBytesMax) finish()
    })
    socket.on('error', finish)
    socket.on('close', finish)
  })
}

function sendRequest(socket: Socket, host: string): void {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${String(socket.remotePort)}`
  const lines = [
    'GET / HTTP/1.1',
    `Host: ${authority}`,
    'Accept: text/html,*/*;q=0.5',
    // Read as text: nothing here decodes.
    'Accept-Encoding: identity',
    'User-Agent: private-connect (names the ports of this machine)',
    'Connection: close',
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
}
