import { connect as connectTcp } from 'node:net'
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

/** Whether it answers a TLS greeting. Certificates are not checked: this asks for the language, not for trust. */
export function probeTls(target: Target, timeoutMs = 2000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTls({ ...target, rejectUnauthorized: false, timeout: timeoutMs })
    const settle = (speaksTls: boolean): void => {
      socket.destroy()
      resolve(speaksTls)
    }
    socket.once('secureConnect', () => settle(true))
    socket.once('timeout', () => settle(false))
    socket.once('close', () => settle(false))
    // An alert (such as "certificate required") is TLS too; a plain HTTP answer is "wrong version number".
    socket.on('error', (cause: NodeJS.ErrnoException) => settle(/ALERT/.test(cause.code ?? '')))
  })
}

/** Ports whose services do not speak HTTP: PostgreSQL, MySQL, MongoDB, Redis. */
const databasePorts = new Set([5432, 3306, 27_017, 6379])

/** What the hub should speak to the target. */
export async function detectProtocol(target: Target): Promise<'http' | 'https' | 'tcp'> {
  if (databasePorts.has(target.port)) return 'tcp'
  return (await probeTls(target)) ? 'https' : 'http'
}
