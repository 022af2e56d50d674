import { join } from 'node:path'
import type { Hub, TestHub } from './hub.ts'
import { makeTemporaryFolder, Program, repositoryRoot } from './processes.ts'

export interface CreatedShare {
  readonly id: string
  readonly token: string
  readonly shareUrl: string
  readonly subdomainUrl: string
  readonly expiresAt: string | null
}

export interface SharedPort {
  readonly program: Program
  readonly share: CreatedShare
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** `private-connect share <port>` as a process of its own, with its own identity. */
export async function sharePort(
  hub: Pick<Hub, 'url'> & { readonly apiKey: string; readonly env?: Readonly<Record<string, string>> },
  port: number,
  options: readonly string[] = [],
): Promise<SharedPort> {
  const folder = makeTemporaryFolder()
  const program = new Program(
    [join(repositoryRoot, 'apps/cli/bin/private-connect.js'), 'share', String(port), '--json', ...options],
    {
      PRIVATE_CONNECT_HUB: hub.url,
      PRIVATE_CONNECT_API_KEY: hub.apiKey,
      XDG_CONFIG_HOME: folder.path,
      ...hub.env,
    },
  )
  const [line] = await program.waitFor(/^\{.*"shareUrl".*\}$/m)
  return {
    program,
    share: (JSON.parse(line) as { share: CreatedShare }).share,
    stop: async (signal) => {
      const code = await program.stop(signal)
      folder.remove()
      return code
    },
  }
}

/** A share of an external service on this machine, dialled by the hub itself: no agent, no process. */
export async function shareDirectly(
  { api }: Pick<TestHub, 'api'>,
  port: number,
  name = 'app',
): Promise<CreatedShare> {
  const target = { name, targetHost: '127.0.0.1', targetPort: port, protocol: 'http' }
  const made = await api<{ service: { id: string } }>('POST', '/v1/services/external', target)
  const path = `/v1/services/${made.body.service.id}/shares`
  return (await api<{ share: CreatedShare }>('POST', path, { name })).body.share
}
