import { connect } from 'node:net'

/** What fetch would not send, byte by byte; all that came back until the hub closed. */
export async function sendRaw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(text)
  let answer = ''
  for await (const data of socket) answer += String(data)
  return answer
}
