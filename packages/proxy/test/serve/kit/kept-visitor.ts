import { openRaw } from './raw-client.ts'
import { eventually } from './eventually.ts'

/** A visitor on one connection that it keeps, one request after another. */
export interface KeptVisitor {
  /** Sends bytes and answers what came back, once that is a whole answer. */
  ask(text: string): Promise<string>
  isOpen(): boolean
  close(): void
}

export async function openKeptVisitor(port: number): Promise<KeptVisitor> {
  const { socket, received } = await openRaw(port, '')
  let takenLength = 0
  return {
    async ask(text) {
      socket.write(text, 'latin1')
      await eventually(() => {
        if (!isWhole(received().slice(takenLength))) throw new Error('The answer is not whole')
      })
      const answer = received().slice(takenLength)
      takenLength += answer.length
      return answer
    },
    isOpen: () => !socket.destroyed && socket.readable,
    close: () => void socket.destroy(),
  }
}

function isWhole(answer: string): boolean {
  const headLength = answer.indexOf('\r\n\r\n') + 4
  if (headLength < 4) return false
  const length = /^content-length: (\d+)\r$/im.exec(answer.slice(0, headLength))?.[1]
  if (length !== undefined) return answer.length >= headLength + Number(length)
  return !/^transfer-encoding: chunked\r$/im.test(answer) || answer.endsWith('0\r\n\r\n')
}
