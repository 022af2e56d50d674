import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { startProgram, type OwnedHub, type Program } from '@private-connect/sharing/testing'

const bin = resolve(import.meta.dirname, '../../bin/private-connect.js')

/** A user of the command line: a config folder of their own, and the hub's address and key in the environment. */
export interface CliUser {
  readonly configHome: string
  run(...args: string[]): Program
  remove(): void
}

export function createCliUser(
  hub: Pick<OwnedHub, 'url' | 'apiKey'>,
  env: Readonly<Record<string, string>> = {},
): CliUser {
  const configHome = mkdtempSync(join(tmpdir(), 'pc-cli-user-'))
  const all = {
    PRIVATE_CONNECT_HUB: hub.url,
    PRIVATE_CONNECT_API_KEY: hub.apiKey,
    XDG_CONFIG_HOME: configHome,
    HOME: configHome,
    ...env,
  }
  return {
    configHome,
    run: (...args) => startProgram([bin, ...args], all),
    remove: () => rmSync(configHome, { recursive: true, force: true }),
  }
}

export interface SharedLine {
  readonly url: string
  readonly agentId: string
  readonly share: { readonly id: string; readonly shareUrl: string; readonly subdomainUrl: string }
  readonly service: { readonly id: string; readonly name: string; readonly protocol: string }
}

/** The line that `share --json` prints once the link works. */
export async function readShare(program: Program): Promise<SharedLine> {
  const [line] = await program.waitFor(/^\{"type":"share",.*\}$/m)
  return JSON.parse(line) as SharedLine
}
