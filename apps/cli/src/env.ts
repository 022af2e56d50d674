import { hostname } from 'node:os'
import envPaths from 'env-paths'

export interface Env {
  /** PRIVATE_CONNECT_HUB, where set. */
  readonly hubUrl: string | undefined
  /** PRIVATE_CONNECT_API_KEY, where set. */
  readonly apiKey: string | undefined
  /** The user's folder for this program's settings. */
  readonly configDir: string
  readonly hostName: string
  readonly useColor: boolean
}

/** The only reader of the environment. An empty variable counts as not set. */
export function readEnv(): Env {
  const { PRIVATE_CONNECT_HUB, PRIVATE_CONNECT_API_KEY, NO_COLOR, TERM } = process.env
  return Object.freeze({
    hubUrl: PRIVATE_CONNECT_HUB === '' ? undefined : PRIVATE_CONNECT_HUB,
    apiKey: PRIVATE_CONNECT_API_KEY === '' ? undefined : PRIVATE_CONNECT_API_KEY,
    configDir: envPaths('private-connect', { suffix: '' }).config,
    hostName: hostname(),
    // https://no-color.org: any value that is not empty.
    useColor: process.stdout.isTTY && (NO_COLOR ?? '') === '' && TERM !== 'dumb',
  })
}
