import { chisel } from './chisel.ts'
import { fastifyHttpProxy } from './fastify-http-proxy.ts'
import { frp } from './frp.ts'
import { localtunnel } from './localtunnel.ts'
import { floor, nginxProxy } from './nginx-proxy.ts'
import type { Peer } from './peer.ts'
import { createPrivateConnectPeers } from './private-connect.ts'
import { sshReverse, sshTerminalReverse } from './ssh.ts'

/** Everything that is measured, in the order of the report. */
export const allPeers: readonly Peer[] = [
  floor,
  nginxProxy,
  ...createPrivateConnectPeers(),
  fastifyHttpProxy,
  sshReverse,
  sshTerminalReverse,
  chisel,
  frp,
  localtunnel,
]
