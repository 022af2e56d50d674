import { connect, type Socket } from 'node:net'

/** Sends bytes as they are and answers everything that came back until the other side closed or `isDone` says enough. */
export function sendRaw(
  port: number,
  text: string,
  isDone: (received: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let received = ''
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`No end of the answer within 10 s, got: ${received}`))
    }, 10_000)
    socket.on('error', () => socket.destroy())
    socket.on('connect', () => socket.write(text, 'latin1'))
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (isDone(received)) socket.destroy()
    })
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(received)
    })
  })
}

/** One request whose head ends the connection, so that the answer ends it too. */
export function sendOne(port: number, requestLine: string, headers: readonly string[] = []): Promise<string> {
  const hasHost = headers.some((header) => header.toLowerCase().startsWith('host:'))
  const lines = [requestLine, ...(hasHost ? [] : ['Host: hub.test']), ...headers, 'Connection: close']
  return sendRaw(port, `${lines.join('\r\n')}\r\n\r\n`)
}

export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0)
}

export function headerOf(answer: string, name: string): string | undefined {
  const head = answer.slice(0, answer.indexOf('\r\n\r\n'))
  return new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim()
}

export function bodyOf(answer: string): string {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4)
}

/** A connection that stays open, with what it has received so far. */
export async function openRaw(
  port: number,
  text: string,
): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => chunks.push(chunk))
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write(text, 'latin1')
  return { socket, received: () => Buffer.concat(chunks).toString('latin1') }
}
