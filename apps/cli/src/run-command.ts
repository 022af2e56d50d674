import { defaultHubUrl, Failure, isPlaintextRemote, parseHubUrl, toFailure } from '@private-connect/sharing'
import type { CommandContext } from './commands/command-context.ts'
import type { Env } from './env.ts'
import { exitCodes } from './exit-codes.ts'
import { createHubClient } from './hub/hub-client.ts'
import { whereHubIsGiven } from './hub/hub-flags.ts'
import type { HubCredential } from './hub/hub-request.ts'
import { selectProxy } from './hub/select-proxy.ts'
import { createAgentIdentities, isProcessAlive } from './identity/agent-identities.ts'
import { createHubSessions, type HubSessions } from './identity/hub-sessions.ts'
import type { CommandAccess, RunCommand, SharedFlags } from './program.ts'
import { listenForStop, type StopSignals } from './stop-signals.ts'
import { createPresenter, onOutputClosed } from './terminal/terminal.ts'

/** Gives a command its hub, identities and terminal, and turns whatever it throws into words and an exit code. */
export function createRunCommand(env: Env): RunCommand {
  return async (flags, run, { access = 'credential' } = {}) => {
    const presenter = createPresenter({ isJson: flags.json === true, useColor: env.useColor })
    let stop: StopSignals | undefined
    onOutputClosed(() => (stop === undefined ? process.exit() : stop.stop()))
    try {
      const hubUrl = parseHubUrl(flags.hub ?? env.hubUrl ?? defaultHubUrl, whereHubIsGiven)
      const sessions = createHubSessions(env.configDir)
      const credential = await findCredential({ env, flags, access, sessions, hubUrl })
      if (isPlaintextRemote(hubUrl)) {
        presenter.warn(
          'The hub is reached over plain http: your credentials and all visits can be read on the way.',
        )
      }
      const proxyUrl = selectProxy(hubUrl, env.proxy)
      const hub = createHubClient({ hubUrl, credential, proxyUrl })
      const context: CommandContext = {
        hub,
        proxyUrl,
        presenter,
        sessions,
        identities: createAgentIdentities({ configDir: env.configDir, pid: process.pid, isProcessAlive }),
        listenForStop: () => (stop ??= listenForStop()),
        hostName: env.hostName,
      }
      try {
        await run(context)
      } finally {
        await hub.close()
      }
    } catch (cause) {
      const failure = toFailure(cause)
      presenter.failed(failure)
      process.exitCode = exitCodes[failure.kind]
    }
  }
}

interface CredentialSearch {
  readonly env: Env
  readonly flags: SharedFlags
  readonly access: CommandAccess
  readonly sessions: HubSessions
  readonly hubUrl: string
}

/** A key that was given for this command comes first, then the login of this hub. */
async function findCredential(search: CredentialSearch): Promise<HubCredential> {
  const { env, flags, access, sessions, hubUrl } = search
  if (access === 'none') return { kind: 'none' }
  const apiKey = access === 'session' ? undefined : (flags.apiKey ?? env.apiKey)
  if (apiKey !== undefined && apiKey !== '') return { kind: 'api_key', value: checkKey(apiKey) }
  const session = await sessions.find(hubUrl)
  if (session !== null) return { kind: 'session', value: session }
  if (access === 'session') {
    throw new Failure('credentialsRefused', `You are not signed in to ${hubUrl}.`)
  }
  throw new Failure('credentialsRefused', 'Sign in first, or give an API key.', {
    hint: 'Run npx private-connect login, or make a key with npm run api-key and give it in PRIVATE_CONNECT_API_KEY.',
  })
}

/** What is no header value would fail later in words that repeat the key. */
function checkKey(apiKey: string): string {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return apiKey
  throw new Failure('credentialsRefused', 'The API key has characters that no key has.')
}
