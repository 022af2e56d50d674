import { hostname } from 'node:os'
import envPaths from 'env-paths'
import type { ProxySettings } from './hub/select-proxy.ts'

export interface Env {
  /** PRIVATE_CONNECT_HUB, where set. */
  readonly hubUrl: string | undefined
  /** PRIVATE_CONNECT_API_KEY, where set. */
  readonly apiKey: string | undefined
  /** The user's folder for this program's settings. */
  readonly configDir: string
  readonly hostName: string
  readonly useColor: boolean
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or their lower-case forms. */
  readonly proxy: ProxySettings
}

/** The only reader of the environment. An empty variable counts as not set. */
export function readEnv(): Env {
  const read = (...names: readonly string[]): string | undefined =>
    names.map((name) => process.env[name]).find((value) => value !== undefined && value !== '')
  return Object.freeze({
    hubUrl: read('PRIVATE_CONNECT_HUB'),
    apiKey: read('PRIVATE_CONNECT_API_KEY'),
    configDir: envPaths('private-connect', { suffix: '' }).config,
    hostName: hostname(),
    // https://no-color.org: any value that is not empty.
    useColor: process.stdout.isTTY && read('NO_COLOR') === undefined && read('TERM') !== 'dumb',
    proxy: Object.freeze({
      httpProxy: read('http_proxy', 'HTTP_PROXY'),
      httpsProxy: read('https_proxy', 'HTTPS_PROXY'),
      noProxy: read('no_proxy', 'NO_PROXY'),
    }),
  })
}
