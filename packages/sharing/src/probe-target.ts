import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'

export interface Target {
  readonly host: string
  readonly port: number
}

export type TcpOutcome = 'listening' | 'refused' | 'unknown_host' | 'timeout'

/** Whether something accepts connections there. */
export function probeTcp(target: Target, timeoutMs = 3000): Promise<TcpOutcome> {
  return new Promise((resolve) => {
    const socket = connectTcp({ ...target, timeout: timeoutMs })
    const settle = (outcome: TcpOutcome): void => {
      socket.destroy()
      resolve(outcome)
    }
    socket.once('connect', () => settle('listening'))
    socket.once('timeout', () => settle('timeout'))
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      settle(cause.code === 'ENOTFOUND' || cause.code === 'EAI_AGAIN' ? 'unknown_host' : 'refused')
    })
  })
}

/** `untrusted`: it speaks TLS, with a certificate that does not verify for this host. */
export type TlsOutcome = 'none' | 'trusted' | 'untrusted'

/** Whether it answers a TLS greeting, and whether its certificate verifies. */
export function probeTls(target: Target, timeoutMs = 2000): Promise<TlsOutcome> {
  const { host, port } = target
  return new Promise((resolve) => {
    const socket = connectTls({
      host,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // To hear the verdict instead of an error: nothing is sent over this connection.
      rejectUnauthorized: false,
      timeout: timeoutMs,
    })
    const settle = (outcome: TlsOutcome): void => {
      socket.destroy()
      resolve(outcome)
    }
    socket.once('secureConnect', () => settle(socket.authorized ? 'trusted' : 'untrusted'))
    socket.once('timeout', () => settle('none'))
    socket.once('close', () => settle('none'))
    // An alert (such as "no such name") is TLS too; a plain HTTP answer is "wrong version number".
    socket.on('error', (cause: NodeJS.ErrnoException) =>
      settle(/ALERT/.test(cause.code ?? '') ? 'untrusted' : 'none'),
    )
  })
}

/** Ports whose services do not speak HTTP: PostgreSQL, MySQL, MongoDB, Redis. */
const databasePorts = new Set([5432, 3306, 27_017, 6379])

export interface DetectedProtocol {
  readonly protocol: 'http' | 'https' | 'tcp'
  /** False for https with a certificate that does not verify. The hub takes it: who shares the app knows it. */
  readonly isTrusted: boolean
}

/** What the hub should speak to the target; `isHttps` where the user says so. */
export async function detectProtocol(target: Target, isHttps = false): Promise<DetectedProtocol> {
  if (databasePorts.has(target.port) && !isHttps) return { protocol: 'tcp', isTrusted: true }
  const tls = await probeTls(target)
  const protocol = isHttps || tls !== 'none' ? 'https' : 'http'
  return { protocol, isTrusted: tls !== 'untrusted' }
}
