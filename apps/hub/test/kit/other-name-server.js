// For `node --import`: all resolvers of the process ask the name server of NAME_SERVER instead of the system's.
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

const { Resolver } = dns.promises

dns.promises.Resolver = class extends Resolver {
  constructor(options) {
    super(options)
    this.setServers([process.env['NAME_SERVER']])
  }
}
syncBuiltinESMExports()
