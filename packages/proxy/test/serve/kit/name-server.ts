import { createSocket } from 'node:dgram'

export interface NameServer {
  /** For a resolver. */
  readonly address: string
  /** The names that were asked for, one for each question. */
  readonly asked: string[]
  close(): void
}

type Records = Readonly<Record<string, readonly string[] | 'silent'>>

/** A name server on UDP that knows IPv4 addresses: what is not among its records does not exist. */
export async function startNameServer(records: Records): Promise<NameServer> {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query)
    asked.push(name)
    const found = records[name.replace(/^\d+\./, '*.')]
    if (found === 'silent') return
    const header = Buffer.from(query.subarray(0, 12))
    const addresses = type === 1 ? (found ?? []) : []
    header.writeUInt16BE(found === undefined ? 0x81_83 : 0x81_80, 2)
    header.writeUInt16BE(addresses.length, 6)
    header.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([header, query.subarray(12, end), ...addresses.map(toRecord)]), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => void socket.close() }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let size = query.readUInt8(at); size > 0; size = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + size))
    at += size + 1
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

/** An A record of the name in the question, for 0 seconds. */
function toRecord(address: string): Buffer {
  return Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)])
}
