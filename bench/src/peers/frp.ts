import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from '../free-port.ts'
import { buildGoProgram } from '../go-programs.ts'
import type { Peer } from './peer.ts'

export const frp: Peer = {
  name: 'frp',
  group: 'tunnel',
  note: 'tcp proxy with its defaults (TLS, multiplexed), no HTTP; built with the published yamux instead of its fork',
  start: async ({ processes, workDir, cacheDir, upstreamPort }) => {
    const { binDir, description } = await buildGoProgram(cacheDir, {
      module: 'github.com/fatedier/frp',
      versions: ['v0.70.1'],
      packages: ['./cmd/frps', './cmd/frpc'],
      tags: 'noweb',
    })
    const dir = join(workDir, 'frp')
    mkdirSync(dir, { recursive: true })
    const serverPort = await findFreePort()
    writeFileSync(
      join(dir, 'frps.toml'),
      `bindAddr = "127.0.0.1"\nproxyBindAddr = "127.0.0.1"\nbindPort = ${serverPort}\n`,
    )
    const server = await processes.start({
      name: 'frp-server',
      command: join(binDir, 'frps'),
      args: ['-c', join(dir, 'frps.toml')],
      ready: { port: serverPort },
    })
    const listenPort = await findFreePort()
    writeFileSync(join(dir, 'frpc.toml'), clientConfig({ serverPort, listenPort, upstreamPort }))
    const client = await processes.start({
      name: 'frp-client',
      command: join(binDir, 'frpc'),
      args: ['-c', join(dir, 'frpc.toml')],
      ready: { port: listenPort },
    })
    return {
      baseUrl: `http://127.0.0.1:${listenPort}`,
      headers: [],
      front: [server],
      all: [server, client],
      version: `frp ${description}`,
    }
  },
}

interface ClientPorts {
  readonly serverPort: number
  readonly listenPort: number
  readonly upstreamPort: number
}

function clientConfig({ serverPort, listenPort, upstreamPort }: ClientPorts): string {
  return `serverAddr = "127.0.0.1"
serverPort = ${serverPort}

[[proxies]]
name = "bench"
type = "tcp"
localIP = "127.0.0.1"
localPort = ${upstreamPort}
remotePort = ${listenPort}
`
}
