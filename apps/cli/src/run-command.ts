import type { CommandContext } from './commands/command-context.ts'
import type { Env } from './env.ts'
import { Failure, toFailure } from './failure.ts'
import { createHubClient } from './hub/hub-client.ts'
import { selectProxy } from './hub/select-proxy.ts'
import { defaultHubUrl, isPlaintextRemote, parseHubUrl } from './hub/hub-url.ts'
import { createAgentIdentities, isProcessAlive } from './identity/agent-identities.ts'
import type { RunCommand, SharedFlags } from './program.ts'
import { listenForStop, type StopSignals } from './stop-signals.ts'
import { createPresenter, onOutputClosed } from './terminal/terminal.ts'

/** Gives a command its hub, identities and terminal, and turns whatever it throws into words and an exit code. */
export function createRunCommand(env: Env): RunCommand {
  return async (flags, run) => {
    const presenter = createPresenter({ isJson: flags.json === true, useColor: env.useColor })
    let stop: StopSignals | undefined
    onOutputClosed(() => (stop === undefined ? process.exit() : stop.stop()))
    try {
      const connection = readConnection(env, flags)
      if (isPlaintextRemote(connection.hubUrl)) {
        presenter.warn(
          'The hub is reached over plain http: your API key and all visits can be read on the way.',
        )
      }
      const proxyUrl = selectProxy(connection.hubUrl, env.proxy)
      const hub = createHubClient({ ...connection, proxyUrl })
      const context: CommandContext = {
        hub,
        proxyUrl,
        presenter,
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
      process.exitCode = failure.exitCode
    }
  }
}

function readConnection(env: Env, flags: SharedFlags): { hubUrl: string; apiKey: string } {
  const hubUrl = parseHubUrl(flags.hub ?? env.hubUrl ?? defaultHubUrl)
  const apiKey = flags.apiKey ?? env.apiKey
  if (apiKey === undefined || apiKey === '') {
    throw new Failure('credentialsRefused', 'An API key is needed.', {
      hint: 'Make one with npm run api-key where the hub runs, and give it in PRIVATE_CONNECT_API_KEY.',
    })
  }
  // What is no header value would fail later in words that repeat the key.
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw new Failure('credentialsRefused', 'The API key has characters that no key has.')
  return { hubUrl, apiKey }
}
