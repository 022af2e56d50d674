import { join } from 'node:path'
import { findFreePort } from '../free-port.ts'
import { buildGoProgram } from '../go-programs.ts'
import type { Peer } from './peer.ts'

export const chisel: Peer = {
  name: 'chisel',
  group: 'tunnel',
  note: 'reverse TCP tunnel: SSH inside of a WebSocket, no HTTP',
  start: async ({ processes, cacheDir, upstreamPort }) => {
    const { binDir, description } = await buildGoProgram(cacheDir, {
      module: 'github.com/jpillora/chisel',
      versions: ['v1.11.5', 'v1.11.4', 'v1.11.3'],
      packages: ['.'],
    })
    const command = join(binDir, 'chisel')
    const serverPort = await findFreePort()
    const server = await processes.start({
      name: 'chisel-server',
      command,
      args: ['server', '--reverse', '--host', '127.0.0.1', '--port', String(serverPort)],
      ready: { port: serverPort },
    })
    const listenPort = await findFreePort()
    const client = await processes.start({
      name: 'chisel-client',
      command,
      args: [
        'client',
        `http://127.0.0.1:${serverPort}`,
        `R:127.0.0.1:${listenPort}:127.0.0.1:${upstreamPort}`,
      ],
      ready: { port: listenPort },
    })
    return {
      baseUrl: `http://127.0.0.1:${listenPort}`,
      headers: [],
      front: [server],
      all: [server, client],
      version: `chisel ${description}`,
    }
  },
}
