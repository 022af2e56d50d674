import { randomBytes } from 'node:crypto'
import { isIP } from 'node:net'

/**
 * The first message of TLS (RFC 8446 §4.1.2), for asking whether a target speaks it: any server of TLS 1.2 or 1.3 answers
 * with a record of its own, a hello or an alert. The session id holds empty lines, so that a server of plain HTTP sees the
 * end of a malformed request and refuses it at once, without any of its app's code.
 */
export function clientHello(host: string): Buffer {
  const body = Buffer.concat([
    u16(0x0303),
    randomBytes(32),
    vector(1, Buffer.from('\r\n\r\n'.repeat(8))),
    vector(
      2,
      list(0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0x009c, 0x002f),
    ),
    vector(1, Buffer.from([0])),
    vector(2, Buffer.concat(extensionsFor(host))),
  ])
  const message = Buffer.concat([Buffer.from([1]), vector(3, body)])
  return Buffer.concat([Buffer.from([0x16]), u16(0x0301), vector(2, message)])
}

/** Whether the first byte of an answer to it is a record of TLS: an alert or a handshake. */
export function isTlsRecord(firstByte: number): boolean {
  return firstByte === 0x15 || firstByte === 0x16
}

function extensionsFor(host: string): Buffer[] {
  const name = Buffer.concat([Buffer.from([0]), vector(2, Buffer.from(host, 'latin1'))])
  const share = Buffer.concat([u16(0x001d), vector(2, randomBytes(32))])
  return [
    ...(isIP(host) === 0 ? [extension(0, vector(2, name))] : []),
    extension(10, vector(2, list(0x001d, 0x0017, 0x0018))),
    extension(11, vector(1, Buffer.from([0]))),
    extension(13, vector(2, list(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601))),
    extension(16, vector(2, vector(1, Buffer.from('http/1.1')))),
    extension(43, vector(1, list(0x0304, 0x0303))),
    extension(51, vector(2, share)),
  ]
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([u16(type), vector(2, data)])
}

function list(...numbers: readonly number[]): Buffer {
  return Buffer.concat(numbers.map(u16))
}

function u16(number: number): Buffer {
  return Buffer.from([number >> 8, number & 0xff])
}

/** Bytes behind their length, which takes 1 to 3 bytes. */
function vector(lengthBytes: number, data: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes)
  length.writeUIntBE(data.length, 0, lengthBytes)
  return Buffer.concat([length, data])
}
