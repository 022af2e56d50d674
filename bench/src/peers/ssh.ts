import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { userInfo } from 'node:os'
import { findFreePort } from '../free-port.ts'
import type { Child } from '../processes.ts'
import { findVersion, runTool } from '../run-tool.ts'
import type { Peer, PeerContext } from './peer.ts'

/** `ssh -N -R` as everybody types it. */
export const sshReverse: Peer = {
  name: 'ssh-R',
  group: 'tunnel',
  note: '`ssh -N -R`: a bare encrypted TCP pipe, no HTTP; without a terminal sshd leaves Nagle’s algorithm on, which holds small answers back: an unfair peer for requests, a fair one for bulk',
  start: (context) => startSsh(context, { name: 'ssh-R', hasTerminal: false }),
}

/** The same with a terminal, which makes both ends set TCP_NODELAY. */
export const sshTerminalReverse: Peer = {
  name: 'ssh-tt-R',
  group: 'tunnel',
  note: '`ssh -tt -R`: the same pipe without Nagle’s algorithm',
  start: (context) => startSsh(context, { name: 'ssh-tt-R', hasTerminal: true }),
}

interface Variant {
  readonly name: string
  readonly hasTerminal: boolean
}

async function startSsh(context: PeerContext, variant: Variant) {
  const dir = join(context.workDir, variant.name)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const sshd = await findSshd()
  const serverPort = await findFreePort()
  const server = await startServer({ context, variant, dir, sshd, serverPort })
  const listenPort = await findFreePort()
  const client = await context.processes.start({
    name: `${variant.name}-client`,
    command: 'ssh',
    args: clientArgs({ dir, serverPort, hasTerminal: variant.hasTerminal }, [
      '-R',
      `127.0.0.1:${listenPort}:127.0.0.1:${context.upstreamPort}`,
    ]),
    ready: { port: listenPort },
  })
  const all: readonly Child[] = [server, client]
  return {
    baseUrl: `http://127.0.0.1:${listenPort}`,
    headers: [],
    front: [server],
    all,
    version: (await findVersion('ssh', ['-V'])) ?? '',
  }
}

/** sshd insists on being called by its absolute path, which a user's PATH often lacks. */
async function findSshd(): Promise<string> {
  for (const path of ['/usr/sbin/sshd', '/usr/local/sbin/sshd']) {
    if ((await findVersion(path, ['-V'])) !== undefined) return path
  }
  throw new Error('sshd is missing: apt-get install openssh-server')
}

interface ServerOptions {
  readonly context: PeerContext
  readonly variant: Variant
  readonly dir: string
  readonly sshd: string
  readonly serverPort: number
}

async function startServer({ context, variant, dir, sshd, serverPort }: ServerOptions): Promise<Child> {
  for (const key of ['host', 'client']) {
    await runTool({
      command: 'ssh-keygen',
      args: ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', join(dir, key)],
      timeoutMs: 20_000,
    })
  }
  // Where its service was never started, Debian's sshd misses the folder that it gives up its rights in.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const config = join(dir, 'sshd_config')
  writeFileSync(
    config,
    `ListenAddress 127.0.0.1
Port ${serverPort}
HostKey ${join(dir, 'host')}
AuthorizedKeysFile ${join(dir, 'client.pub')}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
AllowTcpForwarding remote
Compression no
`,
  )
  return context.processes.start({
    name: `${variant.name}-server`,
    command: sshd,
    args: ['-D', '-e', '-f', config],
    ready: { port: serverPort },
  })
}

interface ClientOptions {
  readonly dir: string
  readonly serverPort: number
  readonly hasTerminal: boolean
}

function clientArgs({ dir, serverPort, hasTerminal }: ClientOptions, forward: readonly string[]): string[] {
  const settings = {
    IdentitiesOnly: 'yes',
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    ExitOnForwardFailure: 'yes',
    Compression: 'no',
  }
  return [
    '-F',
    '/dev/null',
    '-i',
    join(dir, 'client'),
    '-p',
    String(serverPort),
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...forward,
    ...(hasTerminal ? ['-tt'] : ['-N']),
    `${userInfo().username}@127.0.0.1`,
    // A session that ends by itself should this run be killed in a way that it cannot clean up after.
    ...(hasTerminal ? ['sleep', '3600'] : []),
  ]
}
