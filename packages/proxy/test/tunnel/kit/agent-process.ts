import { startAgent } from '../../../src/tunnel/index.ts'

/** A real agent for tests that kill or stop it: `node agent-process.ts <hubUrl> <port> <transport>`. */
const [hubUrl = '', port = '', transport = 'raw'] = process.argv.slice(2)
startAgent({
  hubUrl,
  token: 'agent_1',
  version: '1.2.3',
  targets: new Map([['service', { host: '127.0.0.1', port: Number(port) }]]),
  onStatus: (status) => process.stdout.write(`${status.state}\n`),
  log: { debug() {}, info() {}, warn() {} },
  transport: transport === 'websocket' ? 'websocket' : 'raw',
})
