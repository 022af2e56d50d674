import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { acceptTunnel, createTunnelRegistry } from '../../../src/tunnel/index.ts'

/** A real hub for tests that stop it: prints its port, then a line for each tunnel that opens or closes. */
const log = { debug() {}, info() {}, warn() {} }
const registry = createTunnelRegistry()
const server = createServer()
server.on('upgrade', (request, socket, head) => {
  const session = acceptTunnel({ request, socket, head, agentId: 'agent_1', version: '1', log })
  registry.add(session)
  process.stdout.write('opened\n')
  void session.closed.then(() => process.stdout.write('closed\n'))
})
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
