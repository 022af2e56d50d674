import { startAgent } from '@private-connect/proxy/tunnel'

// A program of its own, started by share-targets.ts: `<hub URL> <agent token> <service id> <upstream port>
// [streams]`.
const [hubUrl = '', token = '', serviceId = '', port, streams] = process.argv.slice(2)
const write = (...parts: unknown[]) => console.error(...parts)
const agent = startAgent({
  hubUrl,
  token,
  version: 'bench',
  targets: new Map([[serviceId, { host: '127.0.0.1', port: Number(port) }]]),
  ...(streams !== undefined && { limits: { streamsMax: Number(streams) } }),
  onStatus: (status) => console.log(status.state),
  log: { debug: () => {}, info: () => {}, warn: write },
})
process.once('SIGTERM', () => agent.close())
