import type { Socket } from 'node:net'
import { startService } from '../../tunnel/kit/tunnel-rig.ts'

export interface HostileMysql {
  readonly port: number
  /** Everything that clients have sent. */
  received(): Buffer
  /** How many clients came. */
  connections(): number
}

/** What it answers to the n-th packet of a client, from 0, the sign-in; null: nothing more. */
export type Answer = (index: number) => Buffer | null

const serverFlags = {
  localFiles: 0x80,
  protocol41: 0x200,
  ssl: 0x800,
  secureConnection: 0x8000,
  pluginAuth: 0x80000,
}

/** A server that says hello as MariaDB does, and then whatever it likes; without TLS unless it pretends to have it. */
export async function startHostileMysql(answer: Answer, hasTls = false): Promise<HostileMysql> {
  const chunks: Buffer[] = []
  let connections = 0
  const port = await startService((socket) => {
    connections += 1
    socket.write(packet(0, hello(hasTls)))
    answerPackets(socket, { chunks, answer })
  })
  return { port, received: () => Buffer.concat(chunks), connections: () => connections }
}

function answerPackets(socket: Socket, { chunks, answer }: { chunks: Buffer[]; answer: Answer }): void {
  let pending = Buffer.alloc(0)
  let index = 0
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 4 && pending.length >= 4 + pending.readUIntLE(0, 3)) {
      const sequence = pending[3]!
      pending = pending.subarray(4 + pending.readUIntLE(0, 3))
      const payload = answer(index)
      index += 1
      if (payload !== null) socket.write(packet(sequence + 1, payload))
    }
  })
}

function packet(sequence: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUIntLE(payload.length, 0, 3)
  head[3] = sequence
  return Buffer.concat([head, payload])
}

function hello(hasTls: boolean): Buffer {
  const { ssl, ...plain } = serverFlags
  const flags = Object.values(plain).reduce((all, flag) => all | flag, hasTls ? ssl : 0)
  const numbers = Buffer.alloc(18)
  numbers.writeUInt16LE(flags & 0xffff, 0)
  numbers[2] = 45
  numbers.writeUInt16LE(2, 3)
  numbers.writeUInt16LE(flags >>> 16, 5)
  numbers[7] = 21
  return Buffer.concat([
    Buffer.from('\n5.5.5-10.11.0-MariaDB\0\x01\0\0\0saltsalt\0', 'latin1'),
    numbers,
    Buffer.from('saltsaltsalt\0mysql_native_password\0', 'latin1'),
  ])
}

export const answers = {
  ok: Buffer.from([0, 0, 0, 2, 0, 0, 0]),
  /** LOCAL INFILE: the server asks for a file of the client's. */
  sendFile: (path: string) => Buffer.concat([Buffer.from([0xfb]), Buffer.from(path)]),
  switchPlugin: (name: string) =>
    Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${name}\0saltsaltsaltsaltsalt\0`)]),
}
